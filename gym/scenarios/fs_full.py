"""a small filesystem is full: writes fail with ENOSPC"""
from gym import *

def go(path):
    fd = os.open(path, os.O_CREAT | os.O_WRONLY)
    while True:
        try:
            os.write(fd, b"x" * 65536)
        except OSError:
            time.sleep(0.2)

def setup(g):
    d = g.tmp + "/spool"
    os.makedirs(d)
    mount("tmpfs", d, "tmpfs", 0, "size=32m")
    pid = g.role("print-spool", go, d + "/job-1.ps", argv=["/usr/sbin/print-spool"])
    g.wait(lambda: os.statvfs(d).f_bavail == 0)
    time.sleep(0.5)
    return g.truth("disk-full", pid, {"mount": d, "size_mb": 32})
