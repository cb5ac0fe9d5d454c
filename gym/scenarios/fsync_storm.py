"""a writer calls fsync after every line"""
from gym import *

def go(path):
    fd = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    n = 0
    while True:
        os.write(fd, b"event\n" * 20)
        os.fsync(fd)
        n += 1
        if n % 20000 == 0:
            os.ftruncate(fd, 0)

def setup(g):
    pid = g.role("audit-log", go, g.tmp + "/audit.log", argv=["/usr/sbin/audit-log"])
    g.wait(lambda: os.path.exists(g.tmp + "/audit.log") and os.path.getsize(g.tmp + "/audit.log") > 5000)
    return g.truth("fsync-storm", pid, {})
