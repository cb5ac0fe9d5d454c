"""a filesystem was frozen for a backup and never thawed: its writers are in state D"""
from gym import *

def go(path):
    time.sleep(0.5)
    fd = os.open(path, os.O_CREAT | os.O_WRONLY)
    while True:
        os.write(fd, b"x" * 4096)
        time.sleep(0.05)

def setup(g, program=None):
    img, d = g.tmp + "/vol.img", g.tmp + "/vol"
    os.makedirs(d)
    sh(f"truncate -s 64M {img} && mkfs.ext4 -q -F {img}")
    loop = sh(f"losetup --show -f {img}").strip()
    g.undo(f"losetup {loop} 2>/dev/null | grep -q {img} || exit 0; losetup -d {loop}")
    sh(f"mount {loop} {d}")
    # the guard keeps a descriptor of the mount: it thaws when we are gone
    r, w = os.pipe()
    ready_r, ready_w = os.pipe()
    if os.fork() == 0:
        os.setsid()
        os.close(w)
        os.close(g.guard_w)
        for s in (signal.SIGTERM, signal.SIGINT):
            signal.signal(s, signal.SIG_IGN)
        retitle("gym-thaw", ["gym-thaw"])
        fd = os.open(d, os.O_RDONLY)
        os.write(ready_w, b"x")
        select.select([r], [], [], g.hold + 60)
        fcntl.ioctl(fd, 0xC0045878, 0)
        os._exit(0)
    os.close(r)
    os.read(ready_r, 1)
    g.thaw = w
    pid = g.run(program, d + "/wal") if program else g.role("wal-writer", go, d + "/wal", argv=["postgres: walwriter"])
    g.wait(lambda: os.path.exists(d + "/wal"))
    fd = os.open(d, os.O_RDONLY)
    fcntl.ioctl(fd, 0xC0045877, 0)                       # FIFREEZE
    os.close(fd)
    old = g.close
    def close():
        os.close(g.thaw)
        time.sleep(0.3)
        old()
    g.close = close
    hung = lambda: next((t for t in os.listdir(f"/proc/{pid}/task") if " D " in read(f"/proc/{pid}/task/{t}/stat")), None)
    g.wait(hung)
    return g.truth("blocked-in-kernel", pid, {"state": "D", "wchan": read(f"/proc/{pid}/task/{hung()}/wchan"), "mount": d}, accept=["frozen-filesystem", "blocked-on-io"])
