"""a client connects to a port nobody listens on, over and over"""
from gym import *

def client(port):
    while True:
        c = socket.socket()
        try:
            c.connect(("127.0.0.1", port))
        except OSError:
            pass
        c.close()
        time.sleep(0.05)

def setup(g):
    pid = g.role("invoice-job", client, 5432, argv=["/srv/invoice-job", "--db", "127.0.0.1:5432"])
    b = g.counter("AttemptFails")
    g.wait(lambda: g.counter("AttemptFails") > b + 5)
    return g.truth("connection-refused", pid, {"port": 5432, "per_s": 20})
