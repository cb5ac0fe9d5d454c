"""a mapped file larger than the memory allowed: every access is a major fault from disk"""
from gym import *

def setup(g):
    path = g.tmp + "/index.bin"
    with open(path, "wb") as f:
        for _ in range(128):
            f.write(os.urandom(1 << 20))
        os.fsync(f.fileno())
        os.posix_fadvise(f.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    exe = g.cc("search-node", r"""
#include <sys/mman.h>
#include <fcntl.h>
#include <stdlib.h>
int main(int n, char **v) { long s = 128L << 20; volatile char *p = mmap(0, s, PROT_READ, MAP_SHARED, open(v[1], O_RDONLY), 0); madvise((void *)p, s, MADV_RANDOM); unsigned x = 1; for (;;) { x = x * 1664525 + 1013904223; (void)p[x % s]; } }
""")
    d = g.cgroup("memory")
    write(d + ("/memory.max" if os.path.exists(d + "/memory.max") else "/memory.limit_in_bytes"), 24 << 20)
    pid = g.run(exe, path, cg=[d])
    mf = lambda: int(read(f"/proc/{pid}/stat").rsplit(")", 1)[1].split()[9])
    g.wait(lambda: mf() > 2000)
    return g.truth("major-faults", pid, {"majflt": mf()}, accept=["memory-limit-pressure"])
