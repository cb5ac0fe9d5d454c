"""healthy: a few daemons that sleep, one that wakes up once a second"""
from gym import *

def beat():
    while True:
        time.sleep(1)

def setup(g):
    for n in ("crond", "sshd", "dbus-daemon", "chronyd"):
        g.role(n, beat if n == "chronyd" else forever, argv=["/usr/sbin/" + n])
    g.role("sshd", lambda: echo_server(22), argv=["sshd: /usr/sbin/sshd -D"])
    g.wait(lambda: g.listening(22))
    return g.truth("healthy", 0, {})
