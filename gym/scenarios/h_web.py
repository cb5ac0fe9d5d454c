"""healthy: a busy web server, keep-alive clients and some that open a connection per request"""
from gym import *

def setup(g):
    g.role("nginx", lambda: echo_server(8080), argv=["nginx: worker process"])
    g.wait(lambda: g.listening(8080))
    for k in range(6):
        g.role("wrk", http_client, 8080, "127.0.0.1", 0.002, k < 4, argv=["wrk", "-c6", "http://127.0.0.1:8080/"])
    time.sleep(1.5)
    return g.truth("healthy", 0, {"clients": 6})
