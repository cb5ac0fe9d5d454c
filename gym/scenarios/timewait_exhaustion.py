"""a client opens and closes a connection per request; its local ports are all in TIME_WAIT: connect() fails with EADDRNOTAVAIL"""
from gym import *

def client(port):
    while True:
        c = socket.socket()
        try:
            c.connect(("127.0.0.1", port))
        except OSError:
            pass
        c.close()
        time.sleep(0.004)

def setup(g):
    g.sysctl("net/ipv4/ip_local_port_range", "40000 40255")
    g.sysctl("net/ipv4/tcp_tw_reuse", 0)
    srv = g.role("price-api", lambda: echo_server(8094), argv=["/srv/price-api"])
    g.wait(lambda: g.listening(8094))
    pid = g.role("price-client", client, 8094, argv=["php-fpm: pool www"])
    g.wait(lambda: g.count(6, rport=8094) >= 250)
    return g.truth("local-ports-exhausted", pid, {"time_wait": g.count(6, rport=8094), "range": 256}, victim=pid)
