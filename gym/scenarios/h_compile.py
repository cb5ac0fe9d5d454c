"""healthy: make -j2 of many small C files, with the header searches and short processes that belong to it"""
from gym import *

def make(d):
    src = "#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n" + "\n".join(f"int f{i}(int x) {{ return x * {i} + (int)strlen(\"{i}\"); }}" for i in range(400))
    write(d + "/a.c", src)
    inc = sum((["-I", f"{d}/inc{i}"] for i in range(6)), [])
    for i in range(6):
        os.makedirs(f"{d}/inc{i}", exist_ok=True)
    while True:
        ps = [subprocess.Popen(["gcc", "-O2", *inc, "-c", d + "/a.c", "-o", f"{d}/{k}.o"], stderr=subprocess.DEVNULL) for k in range(2)]
        for p in ps:
            p.wait()

def setup(g):
    p = g.role("make", make, g.tmp, argv=["make", "-j2"])
    g.wait(lambda: any(g.comm(k) == "cc1" for k in children(p)))
    return g.truth("healthy", 0, {"jobs": 2})
