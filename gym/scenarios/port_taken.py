"""a service retries to bind a port that another process on this machine listens on"""
from gym import *

def retry(port):
    while True:
        s = socket.socket()
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            s.bind(("0.0.0.0", port))
        except OSError:
            pass
        s.close()
        time.sleep(0.5)

def setup(g):
    holder = g.role("old-api", lambda: echo_server(8080, "0.0.0.0"), argv=["/srv/old-api/bin/old-api", "--port", "8080"])
    g.wait(lambda: g.listening(8080))
    victim = g.role("shop-web", retry, 8080, argv=["/srv/shop/bin/shop-web", "--listen", "0.0.0.0:8080"])
    g.wait(lambda: g.comm(victim) == "shop-web")
    time.sleep(0.3)
    return g.truth("port-taken", holder, {"port": 8080, "per_s": 2}, victim=victim)
