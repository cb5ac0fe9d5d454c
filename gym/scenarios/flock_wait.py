"""three workers wait for a file lock that a fourth holds while it sleeps"""
from gym import *

def holder(path):
    import fcntl
    f = open(path, "w")
    fcntl.flock(f, fcntl.LOCK_EX)
    forever()

def waiter(path):
    import fcntl
    f = open(path, "r+")
    fcntl.flock(f, fcntl.LOCK_EX)
    forever()

def setup(g):
    p = g.tmp + "/import.lock"
    pid = g.role("import-cron", holder, p, argv=["/usr/bin/import-cron"])
    g.wait(lambda: f" {pid} " in read("/proc/locks"))
    w = [g.role("import-web", waiter, p, argv=["/usr/bin/import-web"]) for _ in range(3)]
    g.wait(lambda: read("/proc/locks").count("->") >= 3)
    time.sleep(0.3)
    return g.truth("file-lock-wait", pid, {"file": p, "waiters": 3}, victim=w[0], also=[])
