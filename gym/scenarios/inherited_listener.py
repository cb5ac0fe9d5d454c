"""a server died; a helper it had started still holds the listening socket it inherited, and never accepts"""
from gym import *

def parent(port):
    s = server(port, backlog=8)
    os.set_inheritable(s.fileno(), True)
    if os.fork() == 0:
        os.setsid()
        retitle("thumbnailer", ["/usr/lib/photo/thumbnailer", "--daemon"])
        signal.alarm(300)
        forever()
    time.sleep(0.3)
    os._exit(0)

def retry(port):
    while True:
        s = socket.socket()
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            s.bind(("127.0.0.1", port))
        except OSError:
            pass
        s.close()
        time.sleep(0.5)

def client(port):
    while True:
        c = socket.socket()
        c.settimeout(3)
        try:
            c.connect(("127.0.0.1", port))
            c.recv(1)
        except OSError:
            pass
        c.close()
        time.sleep(0.5)

def setup(g):
    p = g.role("photo-web", parent, 5000, argv=["/usr/bin/photo-web"])
    g.wait(lambda: g.listening(5000))
    os.waitpid(p, 0)
    kid = g.wait(lambda: next((k for k in children(g.me) if g.comm(k) == "thumbnailer"), 0))
    victim = g.role("photo-web", retry, 5000, argv=["/usr/bin/photo-web"])
    g.role("curl", client, 5000)
    g.wait(lambda: any(r["st"] == 10 and r["rx"] for r in g.tcp()))
    return g.truth("inherited-listener", kid, {"port": 5000, "parent": p}, victim=victim, accept=["port-taken", "accept-queue-not-served"])
