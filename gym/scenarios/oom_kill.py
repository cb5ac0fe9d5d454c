"""a worker outgrows the memory limit of its container, is killed, is started again"""
from gym import *

def worker():
    keep = []
    while True:
        keep.append(bytearray(b"x" * (2 << 20)))
        time.sleep(0.02)

def boss():
    while True:
        pid = os.fork()
        if pid == 0:
            retitle("report-worker", ["/srv/report-worker"])
            worker()
        os.waitpid(pid, 0)
        time.sleep(0.3)

def setup(g):
    d = g.cgroup("memory")
    try:
        write(d + "/memory.limit_in_bytes", 48 << 20)
        n = lambda: int(read(d + "/memory.oom_control").split("oom_kill ")[1].split()[0])
    except OSError:
        write(d + "/memory.max", 48 << 20)
        n = lambda: int(read(d + "/memory.events").split("oom_kill ")[1].split()[0])
    pid = g.role("report-boss", boss, argv=["/srv/report-boss"], cg=[d])
    g.wait(lambda: n() >= 2)
    t = g.truth("oom-kill", pid, {"kills": n(), "limit_mb": 48, "cgroup": os.path.basename(d)})
    t["also"] = [{"pid": 0, "comm": "report-worker"}]
    return t
