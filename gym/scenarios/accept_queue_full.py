"""a server listens with a small backlog and its accept loop is stuck: the accept queue is full, ListenOverflows rise"""
from gym import *

def stuck(port):
    s = server(port, backlog=8)
    c, _ = s.accept()
    forever()

def setup(g):
    pid = g.role("orders-api", stuck, 8000, argv=["/srv/orders/orders-api", "--workers", "1"])
    g.wait(lambda: g.listening(8000))
    def client():
        while True:
            c = socket.socket()
            c.settimeout(1.5)
            try:
                c.connect(("127.0.0.1", 8000))
                c.send(b"GET / HTTP/1.0\r\n\r\n")
                c.recv(1)
            except OSError:
                pass
            c.close()
            time.sleep(0.05)
    for _ in range(14):
        g.role("lb-worker", client, argv=["haproxy", "-Ws"])
    before = g.counter("ListenOverflows")
    g.wait(lambda: any(r["st"] == 10 and r["rx"] > 8 for r in g.tcp()) and g.counter("ListenOverflows") > before)
    q = max(r["rx"] for r in g.tcp() if r["st"] == 10)
    return g.truth("accept-queue-full", pid, {"port": 8000, "queue": q, "limit": 8, "overflows": g.counter("ListenOverflows")},
                   accept=["accept-queue-not-served"])
