"""healthy: a batch copies big files at full speed"""
from gym import *

def copy(d):
    with open(d + "/a", "wb") as f:
        for _ in range(96):
            f.write(os.urandom(1 << 20))
    while True:
        shutil.copyfile(d + "/a", d + "/b")
        os.unlink(d + "/b")
        time.sleep(0.05)

def setup(g):
    pid = g.role("rsync", copy, g.tmp, argv=["rsync", "-a", "/data/", "/backup/"])
    g.wait(lambda: os.path.exists(g.tmp + "/b"))
    return g.truth("healthy", 0, {"mb": 96})
