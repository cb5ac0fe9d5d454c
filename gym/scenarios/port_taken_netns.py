"""the holder of the port has moved into another network namespace after listening: its namespace is not the socket's"""
from gym import *

def hold_elsewhere():
    s = server(8443, "0.0.0.0")
    unshare(NEWNET)
    while True:
        c, _ = s.accept()
        c.close()

def retry(port):
    while True:
        s = socket.socket()
        try:
            s.bind(("127.0.0.1", port))
        except OSError:
            pass
        s.close()
        time.sleep(0.4)

def setup(g):
    mine = os.readlink("/proc/self/ns/net")
    holder = g.role("vpn-gateway", hold_elsewhere, argv=["/usr/sbin/vpn-gateway", "--netns", "tunnel"])
    g.wait(lambda: g.listening(8443) and os.readlink(f"/proc/{holder}/ns/net") != mine)
    victim = g.role("edge-proxy", retry, 8443, argv=["/usr/sbin/edge-proxy", "-c", "/etc/edge.conf"])
    time.sleep(1)
    return g.truth("port-taken", holder, {"port": 8443}, victim=victim)
