"""four workers share a port by SO_REUSEPORT, one of them is stuck: a quarter of the clients hang although three workers idle"""
from gym import *

def stuck(port):
    s = server(port, backlog=64, reuseport=True)
    forever()

def setup(g):
    for _ in range(3):
        g.role("worker", lambda: echo_server(8088, reuseport=True), argv=["/srv/app/worker", "--port", "8088"])
    g.wait(lambda: g.listening(8088) == 3)
    bad = g.role("worker", stuck, 8088, argv=["/srv/app/worker", "--port", "8088"])
    g.wait(lambda: g.listening(8088) == 4)
    def client():
        while True:
            c = socket.socket()
            c.settimeout(5)
            try:
                c.connect(("127.0.0.1", 8088))
                c.send(b"GET /\r\n\r\n")
                c.recv(100)
            except OSError:
                pass
            c.close()
            time.sleep(0.02)
    for _ in range(24):
        g.role("frontend", client, argv=["/srv/front/frontend"])
    g.wait(lambda: max(r["rx"] for r in g.tcp() if r["st"] == 10) >= 10)
    return g.truth("reuseport-member-stuck", bad, {"port": 8088, "members": 4, "queue": max(r["rx"] for r in g.tcp() if r["st"] == 10)},
                   accept=["accept-queue-not-served", "accept-queue-full"])
