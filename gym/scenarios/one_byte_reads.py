"""a reader without a buffer: one byte a system call"""
from gym import *

def setup(g):
    write(g.tmp + "/import.csv", "a,b,c\n" * 100000)
    path = g.cc("csv-import", r"""
#include <unistd.h>
#include <fcntl.h>
int main(int n, char **v) { char c; int f = open(v[1], O_RDONLY); for (;;) if (read(f, &c, 1) < 1) lseek(f, 0, 0); }
""")
    pid = g.run(path, g.tmp + "/import.csv")
    g.wait(lambda: g.comm(pid) == "csv-import")
    time.sleep(0.3)
    return g.truth("tiny-io", pid, {"bytes_per_call": 1})
