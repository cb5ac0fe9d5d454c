"""a server never closes the connections its clients have closed"""
from gym import *

def leak(port):
    s = server(port)
    keep = []
    while True:
        keep.append(s.accept()[0])

def client(port):
    while True:
        c = socket.create_connection(("127.0.0.1", port))
        c.close()
        time.sleep(0.03)

def setup(g):
    pid = g.role("session-svc", leak, 8090, argv=["java", "-jar", "session-svc.jar"])
    g.wait(lambda: g.listening(8090))
    g.role("gateway", client, 8090, argv=["/srv/gateway"])
    g.wait(lambda: g.count(8, 8090) >= 120)
    return g.truth("close-wait-leak", pid, {"close_wait": g.count(8, 8090), "per_s": 30})
