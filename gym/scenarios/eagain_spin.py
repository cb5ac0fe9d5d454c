"""a non-blocking reader asks again at once: recv returns EAGAIN a hundred thousand times a second, one CPU is gone"""
from gym import *

def spin(port):
    c = socket.create_connection(("127.0.0.1", port))
    c.setblocking(False)
    while True:
        try:
            c.recv(4096)
        except BlockingIOError:
            pass

def setup(g):
    g.role("quote-feed", lambda: echo_server(9001), argv=["/srv/quote-feed"])
    g.wait(lambda: g.listening(9001))
    pid = g.role("quote-client", spin, 9001, argv=["/srv/quote-client"])
    g.wait(lambda: g.count(1, rport=9001))
    time.sleep(0.3)
    return g.truth("busy-poll", pid, {"errno": "EAGAIN"}, accept=["eagain-spin"])
