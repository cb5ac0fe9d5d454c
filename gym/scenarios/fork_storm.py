"""a script starts hundreds of short programs a second: none lives long enough for top"""
from gym import *

def storm():
    while True:
        pid = os.posix_spawn("/bin/true", ["true"], {})
        os.waitpid(pid, 0)

def setup(g):
    pid = g.role("healthcheck.sh", storm, argv=["/bin/sh", "/usr/local/bin/healthcheck.sh"])
    procs = lambda: int(read("/proc/stat").split("\nprocesses ")[1].split()[0])
    a = procs()
    time.sleep(1)
    g.wait(lambda: procs() - a > 100)
    return g.truth("fork-storm", pid, {"forks_per_s": procs() - a})
