"""the resolver of resolv.conf never answers: every lookup takes seconds"""
from gym import *

def lookups():
    import threading
    def loop(i):
        n = 0
        while True:
            n += 1
            try:
                socket.getaddrinfo(f"db{i}.prod.internal", 5432)
            except OSError:
                pass
    for i in range(4):
        threading.Thread(target=loop, args=(i,), daemon=True).start()
    forever()

def setup(g):
    g.blackhole()
    write(g.tmp + "/resolv.conf", "nameserver 10.77.0.53\noptions timeout:2 attempts:2\n")
    sh(f"mount --bind {g.tmp}/resolv.conf $(readlink -f /etc/resolv.conf)")
    pid = g.role("api-server", lookups, argv=["/srv/api-server"])
    b = g.counter("OutDatagrams")
    g.wait(lambda: g.counter("OutDatagrams") >= b + 8)
    return g.truth("dns-timeout", pid, {"server": "10.77.0.53", "lookup_s": 4})
