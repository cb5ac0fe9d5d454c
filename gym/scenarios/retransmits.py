"""a lossy path: a third of the segments to one port is dropped"""
from gym import *

def sink(port):
    s = server(port)
    while True:
        c, _ = s.accept()
        while c.recv(65536):
            pass

def pump(port):
    c = socket.create_connection(("127.0.0.1", port))
    while True:
        c.send(b"x" * 1400)
        time.sleep(0.002)

def setup(g):
    dst = g.role("replica", sink, 8097, argv=["/srv/db/replica"])
    g.wait(lambda: g.listening(8097))
    sh("nft add table ip qos && nft 'add chain ip qos in { type filter hook input priority 0; }' && "
       "nft 'add rule ip qos in tcp dport 8097 numgen random mod 100 < 30 drop'")
    if g.where == "host":
        g.undo("nft list table ip qos >/dev/null 2>&1 || exit 0; nft delete table ip qos")
    pid = g.role("primary", pump, 8097, argv=["/srv/db/primary"])
    b = g.counter("RetransSegs")
    g.wait(lambda: g.counter("RetransSegs") > b + 20)
    return g.truth("retransmits", pid, {"dest_port": 8097, "retrans": g.counter("RetransSegs") - b}, also=[dst])
