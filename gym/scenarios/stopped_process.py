"""somebody has stopped a server (SIGSTOP) and forgotten it; its clients wait"""
from gym import *

def setup(g):
    pid = g.role("auth-api", lambda: echo_server(9004), argv=["/srv/auth-api"])
    g.wait(lambda: g.listening(9004))
    os.kill(pid, signal.SIGSTOP)
    g.role("mobile-bff", http_client, 9004, "127.0.0.1", 0.2, argv=["/srv/mobile-bff"])
    g.wait(lambda: g.state(pid) == "T")
    time.sleep(1)
    return g.truth("stopped-process", pid, {"state": "T"})
