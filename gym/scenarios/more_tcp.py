"""TCP, UDP and names: causes without a scenario of their own, and other ways to the others."""
from gym import *
from more_ports import hanging_clients


@scenario("fin-wait2-pile", "tcp-state")
def fin_wait2_pile(g):
    """a proxy closes its half of each connection and keeps it; the backend never closes the other half"""
    def backend():
        s = server(8201)
        keep = []
        while True:
            keep.append(s.accept()[0])
    def proxy():
        keep = []
        for _ in range(160):
            c = socket.create_connection(("127.0.0.1", 8201))
            c.send(b"x")
            c.shutdown(socket.SHUT_WR)
            keep.append(c)
        forever()
    b = g.role("legacy-app", backend, argv=["/srv/legacy-app"])
    g.wait(lambda: g.listening(8201))
    pid = g.role("haproxy", proxy, argv=["haproxy -Ws"])
    g.wait(lambda: g.count(5, rport=8201) >= 150)
    return g.truth("fin-wait2-pile", pid, {"port": 8201}, also=[b], accept=["close-wait-leak"])


@scenario("close-wait-leak", "tcp-state")
def close_wait_threads(g):
    """a thread per connection (C, IPv6), each of which forgets to close; the clients come from short-lived processes"""
    pid = g.run(g.cc("mqtt-broker", r"""
#include <pthread.h>
#include <unistd.h>
#include <sys/socket.h>
#include <netinet/in.h>
static void *w(void *c) { char b[64]; while (read((long)c, b, 64) > 0); return 0; }
int main() { int s = socket(AF_INET6, SOCK_STREAM, 0), one = 1; setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &one, 4);
  struct sockaddr_in6 a = { AF_INET6, htons(8202) }; bind(s, (void *)&a, sizeof a); listen(s, 128);
  for (;;) { long c = accept(s, 0, 0); pthread_t t; pthread_create(&t, 0, w, (void *)c); pthread_detach(t); } }
"""))
    g.wait(lambda: g.listening(8202))
    def boss():
        while True:
            if os.fork() == 0:
                c = socket.create_connection(("::1", 8202))
                c.send(b"hello")
                os._exit(0)
            os.wait()
            time.sleep(0.02)
    g.role("sensor", boss)
    g.wait(lambda: g.count(8, 8202) >= 90)
    return g.truth("close-wait-leak", pid, {"port": 8202})


@scenario("close-wait-leak", "tcp-state")
def close_wait_client(g):
    """the leaking side is a client: a connection pool keeps what the server has closed long ago"""
    def srv():
        s = server(8203)
        while True:
            s.accept()[0].close()
    def pool():
        keep = [socket.create_connection(("127.0.0.1", 8203)) for _ in range(140)]
        forever()
    g.role("ldap", srv, argv=["/usr/sbin/ldap"])
    g.wait(lambda: g.listening(8203))
    pid = g.role("sso-pool", pool, argv=["java -jar sso.jar"])
    g.wait(lambda: g.count(8, rport=8203) >= 130)
    return g.truth("close-wait-leak", pid, {"port": 8203})


@scenario("reader-stuck", "tcp-state")
def reader_stuck_small(g):
    """the receiver has a small buffer, so few bytes wait; a C thread of it hangs; IPv6"""
    pid = g.run(g.cc("tailer", r"""
#include <pthread.h>
#include <unistd.h>
#include <sys/socket.h>
#include <netinet/in.h>
static void *w(void *x) { int s = socket(AF_INET6, SOCK_STREAM, 0), one = 1, b = 4096; setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &one, 4);
  setsockopt(s, SOL_SOCKET, SO_RCVBUF, &b, 4); struct sockaddr_in6 a = { AF_INET6, htons(8204) }; bind(s, (void *)&a, sizeof a); listen(s, 8);
  accept(s, 0, 0); for (;;) pause(); }
int main() { pthread_t t; pthread_create(&t, 0, w, 0); for (;;) pause(); }
"""))
    g.wait(lambda: g.listening(8204))
    def pump():
        c = socket.create_connection(("::1", 8204))
        while True:
            c.send(b"x" * 65536)
    w = g.role("log-shipper", pump, argv=["/usr/bin/log-shipper"])
    g.wait(lambda: any(r["rport"] == 8204 and r["timer"] == 4 for r in g.tcp()))
    time.sleep(1)
    return g.truth("reader-stuck", pid, {"port": 8204}, victim=w)


@scenario("reader-stuck", "tcp-state")
def reader_stuck_remote(g):
    """the sender is in another network namespace and does not block: it gets EAGAIN and waits for room"""
    def slow():
        s = server(8205, "10.88.0.1")
        c, _ = s.accept()
        forever()
    def pump():
        c = None
        while c is None:
            try:
                c = socket.create_connection(("10.88.0.1", 8205))
            except OSError:
                time.sleep(0.1)
        c.setblocking(False)
        p = select.poll()
        p.register(c, select.POLLOUT)
        while True:
            p.poll()
            try:
                c.send(b"x" * 65536)
            except BlockingIOError:
                pass
    w = g.remote("db-primary", pump, argv=["postgres: walsender"])
    pid = g.role("db-standby", slow, argv=["postgres: walreceiver"])
    g.wait(lambda: max((r["rx"] for r in g.tcp() if r["st"] == 1 and r["lport"] == 8205), default=0) > 50000)
    time.sleep(1.5)
    return g.truth("reader-stuck", pid, {"port": 8205}, victim=w)


@scenario("peer-zero-window", "tcp-state")
def peer_zero_window(g):
    """another host (a hand-made TCP behind a veth) closes its window for good: the sender can only probe"""
    sh("ip link add eth9 type veth peer name eth9p && ip link set eth9 arp off && ip link set eth9p arp off && "
       "ip addr add 10.77.0.1/16 dev eth9 && ip link set eth9p up && ip link set eth9 up")
    if g.where == "host":
        g.undo("ip link show eth9 >/dev/null 2>&1 || exit 0; ip link del eth9")
    def total(data):
        data += b"\0" * (len(data) % 2)
        s = sum(struct.unpack(f"!{len(data) // 2}H", data))
        while s >> 16:
            s = (s & 0xffff) + (s >> 16)
        return ~s & 0xffff
    def peer():
        p = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x0800))
        p.bind(("eth9p", 0))
        mine = 1000
        while True:
            f = p.recv(70000)
            ip = f[14:]
            n = (ip[0] & 15) * 4
            if ip[9] != 6 or ip[16:20] != socket.inet_aton("10.77.0.2"):
                continue
            tcp = ip[n:struct.unpack("!H", ip[2:4])[0]]
            sp, dp, seq, ack, off, flags = struct.unpack("!HHIIBB", tcp[:14])
            data = len(tcp) - (off >> 4) * 4
            if flags & 2:
                reply = (mine, seq + 1, 0x12, 2000)
            elif data > 1:
                reply = (mine + 1, seq + data, 0x10, 0)
            elif data == 1:
                reply = (mine + 1, seq, 0x10, 0)
            else:
                # a probe carries no data and an old number
                reply = (mine + 1, seq + 1, 0x10, 0) if peer.sent else None
            if data:
                peer.sent = True
            if not reply:
                continue
            seg = struct.pack("!HHIIBBHHH", dp, sp, reply[0], reply[1] & 0xffffffff, 0x50, reply[2], reply[3], 0, 0)
            seg = seg[:16] + struct.pack("!H", total(ip[16:20] + ip[12:16] + struct.pack("!BBH", 0, 6, 20) + seg)) + seg[18:]
            h = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 40, 1, 0, 64, 6, 0, ip[16:20], ip[12:16])
            h = h[:10] + struct.pack("!H", total(h)) + h[12:]
            p.send(f[6:12] + f[:6] + b"\x08\0" + h + seg)
    peer.sent = False
    g.role("other-host", peer)
    time.sleep(0.5)
    def pump():
        c = socket.create_connection(("10.77.0.2", 9000))
        while True:
            c.send(b"x" * 8192)
    pid = g.role("exporter", pump, argv=["/srv/exporter"])
    g.wait(lambda: any(r["rport"] == 9000 and r["timer"] == 4 for r in g.tcp()))
    time.sleep(1)
    return g.truth("peer-zero-window", pid, {"peer": "10.77.0.2:9000"})


@scenario("connect-timeout", "path")
def connect_timeout(g):
    """a client connects to a host that does not answer: the first segment is sent again and again"""
    g.blackhole()
    def client():
        while True:
            c = socket.socket()
            c.settimeout(20)
            try:
                c.connect(("10.77.0.9", 3306))
            except OSError:
                pass
            c.close()
    pid = g.role("reports", client, argv=["/srv/reports"])
    g.wait(lambda: g.count(2, rport=3306))
    time.sleep(1.5)
    return g.truth("connect-timeout", pid, {"to": "10.77.0.9:3306"})


@scenario("connect-timeout", "path")
def connect_timeout_short(g):
    """non-blocking connects of a C program that gives up after 800 ms and tries again; a firewall drops the segments"""
    g.role("redis", lambda: echo_server(6379), argv=["redis-server"])
    g.wait(lambda: g.listening(6379))
    sh("nft add table ip fw && nft 'add chain ip fw in { type filter hook input priority 0; }' && nft 'add rule ip fw in tcp dport 6379 drop'")
    if g.where == "host":
        g.undo("nft list table ip fw >/dev/null 2>&1 || exit 0; nft delete table ip fw")
    pid = g.run(g.cc("session-cache", r"""
#include <poll.h>
#include <unistd.h>
#include <sys/socket.h>
#include <netinet/in.h>
int main() { for (;;) { int s = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0); struct sockaddr_in a = { AF_INET, htons(6379) };
  a.sin_addr.s_addr = htonl(0x7f000001); connect(s, (void *)&a, sizeof a); struct pollfd p = { s, POLLOUT, 0 }; poll(&p, 1, 800); close(s); } }
"""))
    time.sleep(1.5)
    return g.truth("connect-timeout", pid, {"port": 6379})


@scenario("connect-timeout", "path")
def connect_timeout_many(g):
    """a pre-fork service whose workers all wait for a database of IPv6 that is gone"""
    g.blackhole()
    sh("ip -6 addr add fd00:77::1/64 dev eth9 nodad")
    def client():
        while True:
            c = socket.socket(socket.AF_INET6)
            try:
                c.connect(("fd00:77::9", 5432))
            except OSError:
                time.sleep(0.2)
            c.close()
    def master():
        for _ in range(4):
            if os.fork() == 0:
                retitle("puma", ["puma: worker"])
                client()
        forever()
    pid = g.role("puma", master, argv=["puma: master"])
    g.wait(lambda: g.count(2, rport=5432) >= 4)
    time.sleep(1.5)
    kids = children(pid)
    return g.truth("connect-timeout", kids[0], {"to": "[fd00:77::9]:5432"}, also=kids[1:])


NONBLOCK = r"""
#include <sys/epoll.h>
#include <unistd.h>
#include <sys/socket.h>
#include <netinet/in.h>
int main() { int e = epoll_create1(0); for (;;) { int s = socket(AF_INET6, SOCK_STREAM | SOCK_NONBLOCK, 0); struct sockaddr_in6 a = { AF_INET6, htons(5433) };
  a.sin6_addr = in6addr_loopback; connect(s, (void *)&a, sizeof a); struct epoll_event v = { EPOLLOUT }, w; epoll_ctl(e, EPOLL_CTL_ADD, s, &v);
  epoll_wait(e, &w, 1, 100); close(s); usleep(100000); } }
"""


@scenario("connection-refused", "path")
def refused_nonblocking(g):
    """non-blocking connects by IPv6 to a port nobody listens on"""
    pid = g.run(g.cc("node-app", NONBLOCK))
    time.sleep(1)
    return g.truth("connection-refused", pid, {"port": 5433})


@scenario("connection-refused", "path")
def refused_short_lived(g):
    """a health check starts a program for every try; each is refused and ends"""
    prog = g.cc("probe", r"""
#include <sys/socket.h>
#include <netinet/in.h>
int main() { int s = socket(AF_INET, SOCK_STREAM, 0); struct sockaddr_in a = { AF_INET, htons(8444) };
  a.sin_addr.s_addr = htonl(0x7f000001); return connect(s, (void *)&a, sizeof a) ? 111 : 0; }
""")
    def boss():
        while True:
            os.waitpid(os.posix_spawn(prog, ["probe"], {}), 0)
            time.sleep(0.1)
    pid = g.role("check-runner", boss, argv=["/usr/bin/check-runner"])
    time.sleep(1)
    t = g.truth("connection-refused", pid, {"port": 8444})
    t["also"] = [{"pid": 0, "comm": "probe"}]
    return t


@scenario("connection-refused", "path")
def refused_unix(g):
    """the file of a unix socket is still there, its server is not"""
    path = g.tmp + "/php-fpm.sock"
    s = socket.socket(socket.AF_UNIX)
    s.bind(path)
    s.close()
    def client():
        while True:
            c = socket.socket(socket.AF_UNIX)
            try:
                c.connect(path)
            except OSError:
                pass
            c.close()
            time.sleep(0.1)
    pid = g.role("nginx", client, argv=["nginx: worker process"])
    time.sleep(1)
    return g.truth("connection-refused", pid, {"path": path})


@scenario("connection-refused", "path")
def refused_udp(g):
    """datagrams to a port of UDP that nobody has: the answer is ICMP, the next send fails"""
    def client():
        c = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        c.connect(("127.0.0.1", 8125))
        while True:
            try:
                c.send(b"requests:1|c")
            except OSError:
                pass
            time.sleep(0.05)
    pid = g.role("statsd-client", client, argv=["/srv/statsd-client"])
    time.sleep(1)
    return g.truth("connection-refused", pid, {"port": 8125})


@scenario("udp-receive-drops", "path")
def udp_drops(g):
    """datagrams arrive faster than their receiver reads them"""
    def slow():
        s = server(8126, kind=socket.SOCK_DGRAM)
        while True:
            s.recv(2000)
            time.sleep(0.02)
    def fast():
        c = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        c.connect(("127.0.0.1", 8126))
        while True:
            for _ in range(10):
                c.send(b"x" * 1000)
            time.sleep(0.01)
    pid = g.role("netflow", slow, argv=["/usr/sbin/netflow"])
    time.sleep(0.3)
    g.role("router", fast)
    g.wait(lambda: g.counter("RcvbufErrors") > 100)
    return g.truth("udp-receive-drops", pid, {"port": 8126})


@scenario("udp-receive-drops", "path")
def udp_drops_stuck(g):
    """a receiver of IPv6 with a small buffer that does not read at all; the threads of a C program send"""
    def stuck():
        s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        s.bind(("::1", 8127))
        forever()
    pid = g.role("syslog-sink", stuck, argv=["/usr/sbin/syslog-sink"])
    time.sleep(0.3)
    g.run(g.cc("emitter", r"""
#include <unistd.h>
#include <sys/socket.h>
#include <netinet/in.h>
int main() { int s = socket(AF_INET6, SOCK_DGRAM, 0); struct sockaddr_in6 a = { AF_INET6, htons(8127) }; a.sin6_addr = in6addr_loopback;
  for (;;) { sendto(s, "hello", 5, 0, (void *)&a, sizeof a); usleep(10000); } }
"""))
    time.sleep(1)
    return g.truth("udp-receive-drops", pid, {"port": 8127})


def small_range(g, n=256):
    g.sysctl("net/ipv4/ip_local_port_range", f"40000 {39999 + n}")
    g.sysctl("net/ipv4/tcp_tw_reuse", 0)


@scenario("local-ports-exhausted", "local-ports")
def local_ports_bind(g):
    """a client binds its own address with port 0 before it connects: every local port is used up by established connections"""
    small_range(g)
    g.role("imap", lambda: echo_server(8301), argv=["/usr/sbin/imap"])
    g.wait(lambda: g.listening(8301))
    def client():
        import resource
        resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))
        keep = []
        while True:
            c = socket.socket()
            try:
                c.bind(("127.0.0.1", 0))
                c.connect(("127.0.0.1", 8301))
                keep.append(c)
            except OSError:
                c.close()
                time.sleep(0.05)
    pid = g.role("mail-proxy", client, argv=["/usr/sbin/mail-proxy"])
    g.wait(lambda: g.count(1, rport=8301) >= 250)
    time.sleep(0.5)
    return g.truth("local-ports-exhausted", pid, {"range": 256})


@scenario("local-ports-exhausted", "local-ports")
def local_ports_open(g):
    """connections are opened and never closed (threads, C) until connect() fails with EADDRNOTAVAIL"""
    small_range(g, 128)
    g.role("stream-hub", lambda: echo_server(8302), argv=["/srv/stream-hub"])
    g.wait(lambda: g.listening(8302))
    pid = g.run(g.cc("subscriber", r"""
#include <pthread.h>
#include <unistd.h>
#include <sys/socket.h>
#include <netinet/in.h>
static void *w(void *x) { for (;;) { int s = socket(AF_INET, SOCK_STREAM, 0); struct sockaddr_in a = { AF_INET, htons(8302) };
  a.sin_addr.s_addr = htonl(0x7f000001); if (connect(s, (void *)&a, sizeof a)) { close(s); usleep(100000); } } }
int main() { pthread_t t; for (int i = 0; i < 4; i++) pthread_create(&t, 0, w, 0); for (;;) pause(); }
"""))
    g.wait(lambda: g.count(1, rport=8302) >= 120)
    time.sleep(0.5)
    return g.truth("local-ports-exhausted", pid, {"range": 128})


@scenario("local-ports-exhausted", "local-ports")
def local_ports_short_lived(g):
    """short-lived clients, one process a request, leave TIME_WAIT behind until none gets a port"""
    small_range(g, 128)
    def srv():
        s = server(8303, "0.0.0.0", 512)
        while True:
            c, _ = s.accept()
            c.recv(10)
            c.recv(10)
            c.close()
    g.role("quota-api", srv, argv=["/srv/quota-api"])
    g.wait(lambda: g.listening(8303))
    prog = g.cc("quota-check", r"""
#include <unistd.h>
#include <sys/socket.h>
#include <netinet/in.h>
int main() { int s = socket(AF_INET, SOCK_STREAM, 0); struct sockaddr_in a = { AF_INET, htons(8303) };
  a.sin_addr.s_addr = htonl(0x7f000001); if (connect(s, (void *)&a, sizeof a)) return 99; write(s, "x", 1); close(s); return 0; }
""")
    def boss():
        while True:
            os.waitpid(os.posix_spawn(prog, ["quota-check"], {}), 0)
            time.sleep(0.05)
    pid = g.role("postfix", boss, argv=["/usr/sbin/postfix"])
    g.wait(lambda: g.count(6, rport=8303) >= 126)
    time.sleep(0.3)
    t = g.truth("local-ports-exhausted", pid, {"range": 128})
    t["also"] = [{"pid": 0, "comm": "quota-check"}]
    return t


@scenario("retransmits", "path")
def retransmits_out(g):
    """segments of IPv6 are dropped on their way out; several connections, short-lived ones among them"""
    def sink():
        s = server(8401, "::1")
        while True:
            c, _ = s.accept()
            threading.Thread(target=lambda: [None for _ in iter(lambda: c.recv(65536), b"")], daemon=True).start()
    def pump():
        c = socket.create_connection(("::1", 8401))
        while True:
            c.send(b"x" * 900)
            time.sleep(0.002)
    dst = g.role("mirror", sink, argv=["/srv/mirror"])
    g.wait(lambda: g.listening(8401))
    sh("nft add table ip6 qos && nft 'add chain ip6 qos in { type filter hook input priority 0; }' && "
       "nft 'add rule ip6 qos in tcp dport 8401 numgen random mod 100 < 20 drop'")
    if g.where == "host":
        g.undo("nft list table ip6 qos >/dev/null 2>&1 || exit 0; nft delete table ip6 qos")
    pids = [g.role("origin", pump, argv=["/srv/origin"]) for _ in range(3)]
    b = g.counter("RetransSegs")
    g.wait(lambda: g.counter("RetransSegs") > b + 20)
    return g.truth("retransmits", pids[0], {"port": 8401}, also=[dst, *pids[1:]])


NXDOMAIN = lambda q: q[:2] + b"\x81\x83" + q[4:6] + b"\0\0\0\0\0\0" + q[12:]


def name_server(addr="127.0.0.1", pause=0):
    s = server(53, addr, kind=socket.SOCK_DGRAM)
    while True:
        q, who = s.recvfrom(600)
        if pause:
            time.sleep(pause)
        # an additional record (EDNS) is left away
        end = q.index(b"\0", 12) + 5
        s.sendto(NXDOMAIN(q[:end]), who)


def resolv(g, text):
    write(g.tmp + "/resolv.conf", text)
    sh(f"mount --bind {g.tmp}/resolv.conf $(readlink -f /etc/resolv.conf)")


@scenario("dns-nxdomain", "dns")
def dns_nxdomain(g):
    """every lookup goes through five search domains, and all of them are answered with NXDOMAIN"""
    resolv(g, "nameserver 127.0.0.1\nsearch a.svc.cluster.local svc.cluster.local cluster.local corp.example example\noptions ndots:5\n")
    g.role("coredns", name_server, argv=["coredns"])
    g.wait(lambda: ":0035" in read("/proc/self/net/udp"))
    def lookups():
        while True:
            try:
                socket.getaddrinfo("api.partner.test", 443)
            except OSError:
                pass
            time.sleep(0.05)
    pid = g.role("webhook", lookups, argv=["/srv/webhook"])
    b = g.counter("InDatagrams")
    g.wait(lambda: g.counter("InDatagrams") > b + 60)
    return g.truth("dns-nxdomain", pid, {})


@scenario("dns-nxdomain", "dns")
def dns_nxdomain_own(g):
    """a program with a resolver of its own (one socket, recv into its buffer, epoll) asks for names that do not exist"""
    g.role("unbound", name_server, "127.0.0.1", argv=["unbound"])
    g.wait(lambda: ":0035" in read("/proc/self/net/udp"))
    pid = g.run(g.cc("blocklist", r"""
#include <unistd.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <netinet/in.h>
int main() { int s = socket(AF_INET, SOCK_DGRAM, 0); struct sockaddr_in a = { AF_INET, htons(53) }; a.sin_addr.s_addr = htonl(0x7f000001);
  connect(s, (void *)&a, sizeof a); unsigned short n = 0; for (;;) { char q[64] = { 0 }, b[512]; n++; memcpy(q, &n, 2); q[2] = 1; q[5] = 1;
  int l = 12; q[l++] = 8; l += sprintf(q + l, "h%07d", n); q[l++] = 4; l += sprintf(q + l, "test"); l++; q[l + 1] = 1; q[l + 3] = 1; l += 4;
  send(s, q, l, 0); recv(s, b, 512, 0); usleep(10000); } }
"""))
    time.sleep(1)
    return g.truth("dns-nxdomain", pid, {})


@scenario("dns-timeout", "dns")
def dns_short_lived(g):
    """programs that look a name up and end, one after the other; the name server does not answer"""
    g.blackhole()
    resolv(g, "nameserver 10.77.0.53\noptions timeout:1 attempts:2\n")
    def once():
        try:
            socket.getaddrinfo("repo.internal", 443)
        except OSError:
            pass
        os._exit(0)
    def boss():
        while True:
            if os.fork() == 0:
                retitle("apt-helper", ["apt-helper"])
                once()
            os.wait()
    pid = g.role("updater", boss, argv=["/usr/bin/updater"])
    b = g.counter("OutDatagrams")
    g.wait(lambda: g.counter("OutDatagrams") >= b + 4)
    t = g.truth("dns-timeout", pid, {"server": "10.77.0.53"})
    t["also"] = [{"pid": 0, "comm": "apt-helper"}]
    return t


@scenario("dns-timeout", "dns")
def dns_second_server(g):
    """the first of two name servers does not answer: every lookup takes two seconds and succeeds in the end; threads"""
    g.blackhole()
    resolv(g, "nameserver 10.77.0.53\nnameserver 127.0.0.1\noptions timeout:2\n")
    g.role("dnsmasq", name_server, argv=["dnsmasq"])
    def lookups():
        def loop(i):
            while True:
                try:
                    socket.getaddrinfo(f"db{i}.prod.internal", 5432)
                except OSError:
                    pass
                time.sleep(0.3)
        for i in range(3):
            threading.Thread(target=loop, args=(i,), daemon=True).start()
        forever()
    pid = g.role("orders", lookups, argv=["/srv/orders"])
    b = g.counter("OutDatagrams")
    g.wait(lambda: g.counter("OutDatagrams") >= b + 8)
    return g.truth("dns-timeout", pid, {"server": "10.77.0.53"})


@scenario("dns-timeout", "dns")
def dns_own_socket(g):
    """a program with a resolver of its own and one socket for all questions; it asks, waits a second, asks again"""
    g.blackhole()
    def ask():
        c = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        c.connect(("10.77.0.53", 53))
        n = 0
        while True:
            n += 1
            c.send(struct.pack("!HHHHHH", n & 0xffff, 0x100, 1, 0, 0, 0) + b"\4prod\4test\0\0\1\0\1")
            select.select([c], [], [], 1)
    pid = g.role("envoy", ask, argv=["/usr/bin/envoy"])
    time.sleep(2)
    return g.truth("dns-timeout", pid, {"server": "10.77.0.53"})


@scenario("connection-refused", "dns")
def dns_refused(g):
    """nobody receives at the address of the name server: the local resolver is down, every lookup fails at once"""
    resolv(g, "nameserver 127.0.0.53\n")
    def lookups():
        while True:
            try:
                socket.getaddrinfo("db.prod.internal", 5432)
            except OSError:
                pass
            time.sleep(0.1)
    pid = g.role("mailer", lookups, argv=["/usr/sbin/mailer"])
    b = g.counter("OutDatagrams")
    g.wait(lambda: g.counter("OutDatagrams") >= b + 8)
    return g.truth("connection-refused", pid, {"server": "127.0.0.53"})
