"""a deleted but open file holds nearly all of a filesystem"""
from gym import *

def go(path):
    fd = os.open(path, os.O_CREAT | os.O_RDWR)
    for _ in range(58):
        os.write(fd, b"x" * (1 << 20))
    os.unlink(path)
    forever()

def setup(g):
    d = g.tmp + "/data"
    os.makedirs(d)
    mount("tmpfs", d, "tmpfs", 0, "size=60m")
    pid = g.role("export-job", go, d + "/dump.sql", argv=["/srv/export-job"])
    g.wait(lambda: os.statvfs(d).f_bavail < 3 << 8 and not os.path.exists(d + "/dump.sql"))
    time.sleep(0.2)
    return g.truth("deleted-file-space", pid, {"mount": d, "held_mb": 58}, accept=["disk-full"])
