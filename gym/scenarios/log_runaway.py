"""a service writes the same line to its log in a loop"""
from gym import *

def go(path):
    f = open(path, "w")
    line = "2026-01-01 00:00:00 ERROR could not reach upstream, retrying\n"
    while True:
        for _ in range(130):
            f.write(line)
        f.flush()
        time.sleep(0.001)

def setup(g):
    os.makedirs(g.tmp + "/log")
    path = g.tmp + "/log/mail-relay.log"
    pid = g.role("mail-relay", go, path, argv=["/usr/sbin/mail-relay"])
    g.wait(lambda: os.path.getsize(path) > 4 << 20)
    return g.truth("runaway-log", pid, {"file": path}, accept=["write-storm"])
