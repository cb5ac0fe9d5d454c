"""a server leaks descriptors until accept() fails with EMFILE"""
from gym import *

def leak(port):
    import resource
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, 256))
    s = server(port)
    keep = []
    try:
        while len(keep) < 4096:
            keep.append(open("/etc/hostname"))
    except OSError:
        pass
    while True:
        try:
            c, _ = s.accept()
            c.close()
        except OSError:
            time.sleep(0.05)

def client(port):
    while True:
        c = socket.socket()
        c.settimeout(2)
        try:
            c.connect(("127.0.0.1", port))
            c.recv(1)
        except OSError:
            pass
        c.close()
        time.sleep(0.2)

def setup(g):
    pid = g.role("upload-svc", leak, 9002, argv=["/srv/upload-svc"])
    g.wait(lambda: len(os.listdir(f"/proc/{pid}/fd")) >= 255)
    g.role("nginx", client, 9002, argv=["nginx: worker process"])
    time.sleep(0.5)
    return g.truth("fd-exhausted", pid, {"fds": len(os.listdir(f"/proc/{pid}/fd")), "limit": 256}, accept=["accept-queue-not-served"] if False else [])
