"""a container wants a CPU and is allowed a tenth of one"""
from gym import *

def go():
    n = 0
    while True:
        n = n * 3 + 1 & 0xffff

def setup(g):
    d = g.cgroup("cpu")
    v2 = os.path.exists(d + "/cpu.max")
    if v2:
        write(d + "/cpu.max", "10000 100000")
    else:
        write(d + "/cpu.cfs_period_us", 100000)
        write(d + "/cpu.cfs_quota_us", 10000)
    pid = g.role("pricing", go, argv=["/srv/pricing"], cg=[d])
    n = lambda: int(read(d + "/cpu.stat").split("nr_throttled ")[1].split()[0])
    g.wait(lambda: n() >= 8)
    return g.truth("cpu-throttled", pid, {"throttled": n(), "quota": "10%"})
