"""a user has used up fs.inotify.max_user_instances: inotify_init fails with EMFILE"""
from gym import *

def hog():
    keep = []
    while True:
        fd = libc.inotify_init1(0)
        if fd < 0:
            time.sleep(0.2)
        else:
            keep.append(fd)

def setup(g):
    lim = int(read("/proc/sys/fs/inotify/max_user_instances"))
    pid = g.role("file-watcher", hog, argv=["/usr/bin/file-watcher"], uid=41236)
    n = lambda: sum("inotify" in os.readlink(f"/proc/{pid}/fd/{f}") for f in os.listdir(f"/proc/{pid}/fd"))
    g.wait(lambda: n() >= lim)
    time.sleep(0.5)
    return g.truth("inotify-exhausted", pid, {"instances": n(), "limit": lim})
