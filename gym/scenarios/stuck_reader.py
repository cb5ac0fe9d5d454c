"""a process does not read its connection: its receive queue is full, the sender waits"""
from gym import *

def slow(port):
    s = server(port)
    c, _ = s.accept()
    c.recv(1000)
    forever()

def pump(port):
    c = socket.create_connection(("127.0.0.1", port))
    while True:
        c.send(b"x" * 65536)

def setup(g):
    pid = g.role("indexer", slow, 8092, argv=["/srv/search/indexer"])
    g.wait(lambda: g.listening(8092))
    w = g.role("feeder", pump, 8092, argv=["/srv/search/feeder"])
    def full():
        n = max((r["rx"] for r in g.tcp() if r["st"] == 1 and r["lport"] == 8092), default=0)
        m = max((r["tx"] for r in g.tcp() if r["st"] == 1 and r["rport"] == 8092), default=0)
        return n if n > 50000 and m > 50000 else 0
    g.wait(full)
    time.sleep(1)
    return g.truth("reader-stuck", pid, {"recvq": full()}, victim=w, also=[w] if False else [])
