"""Ports and listeners: causes without a scenario of their own, and other ways to the others."""
from gym import *


def retry_bind(addr, port, pause=0.4, kind=socket.SOCK_STREAM, reuseaddr=True):
    while True:
        s = socket.socket(socket.AF_INET6 if ":" in addr else socket.AF_INET, kind)
        if reuseaddr:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            s.bind((addr, port))
        except OSError:
            pass
        s.close()
        time.sleep(pause)


@scenario("port-in-time-wait", "ports")
def port_time_wait(g):
    """a server was restarted and binds without SO_REUSEADDR: connections it had closed first are in TIME_WAIT"""
    old = g.role("billing", lambda: echo_server(7001, close_first=True), argv=["/srv/billing"])
    g.wait(lambda: g.listening(7001))
    for _ in range(20):
        c = socket.create_connection(("127.0.0.1", 7001))
        c.send(b"x")
        c.recv(100)
        c.recv(100)
        c.close()
    os.kill(old, signal.SIGKILL)
    os.waitpid(old, 0)
    pid = g.role("billing", retry_bind, "127.0.0.1", 7001, 0.4, socket.SOCK_STREAM, False, argv=["/srv/billing"])
    g.wait(lambda: g.count(6, 7001) >= 10 and not g.listening(7001))
    time.sleep(0.5)
    return g.truth("port-in-time-wait", pid, {"port": 7001, "time_wait": g.count(6, 7001)})


@scenario("port-taken", "ports")
def port_taken_v6(g):
    """the port is held by a listener of IPv6 that takes IPv4 as well; who binds wants it for IPv4"""
    def hold():
        s = server(8081, "::")
        while True:
            s.accept()[0].close()
    pid = g.role("legacy-web", hold, argv=["/srv/legacy-web"])
    g.wait(lambda: g.listening(8081))
    victim = g.role("new-web", retry_bind, "0.0.0.0", 8081, argv=["/srv/new-web"])
    time.sleep(0.5)
    return g.truth("port-taken", pid, {"port": 8081}, victim=victim)


@scenario("port-taken", "ports")
def port_taken_udp(g):
    """a port of UDP is taken"""
    def hold():
        s = server(5353, "0.0.0.0", reuseaddr=False, kind=socket.SOCK_DGRAM)
        while True:
            s.recv(100)
    pid = g.role("avahi-daemon", hold, argv=["avahi-daemon: running"])
    g.wait(lambda: ":14E9" in read("/proc/self/net/udp"))
    victim = g.role("mdns-proxy", retry_bind, "0.0.0.0", 5353, 0.4, socket.SOCK_DGRAM, False, argv=["/usr/bin/mdns-proxy"])
    time.sleep(0.5)
    return g.truth("port-taken", pid, {"port": 5353}, victim=victim)


@scenario("port-taken", "ports")
def port_taken_supervised(g):
    """a supervisor starts a service that fails to bind, says so and ends at once; the holder is a pre-fork server"""
    def master():
        s = server(8082, "0.0.0.0")
        for _ in range(3):
            if os.fork() == 0:
                retitle("uwsgi", ["uwsgi"])
                while True:
                    s.accept()[0].close()
        forever()
    holder = g.role("uwsgi", master, argv=["uwsgi --master"])
    g.wait(lambda: g.listening(8082) and len(children(holder)) == 3)
    prog = g.cc("metrics-agent", r"""
#include <sys/socket.h>
#include <netinet/in.h>
#include <arpa/inet.h>
int main() { int s = socket(AF_INET, SOCK_STREAM, 0); struct sockaddr_in a = { AF_INET, htons(8082) };
  return bind(s, (void *)&a, sizeof a) ? 98 : 0; }
""")
    def boss():
        while True:
            os.waitpid(os.posix_spawn(prog, ["metrics-agent"], {}), 0)
            time.sleep(0.3)
    g.role("supervisord", boss, argv=["/usr/bin/supervisord"])
    time.sleep(0.5)
    return g.truth("port-taken", holder, {"port": 8082}, also=children(holder))


@scenario("port-taken", "ports")
def port_taken_setuid(g):
    """the holder has given up root, so its descriptors can be read by root alone; who binds is written in C and threaded"""
    pid = g.role("memcached", lambda: echo_server(11211), argv=["memcached -u nobody"], uid=65534)
    g.wait(lambda: g.listening(11211))
    victim = g.run(g.cc("kv-cache", r"""
#include <pthread.h>
#include <unistd.h>
#include <sys/socket.h>
#include <netinet/in.h>
static void *t(void *x) { for (;;) { int s = socket(AF_INET, SOCK_STREAM, 0); struct sockaddr_in a = { AF_INET, htons(11211) };
  a.sin_addr.s_addr = htonl(0x7f000001); bind(s, (void *)&a, sizeof a); close(s); usleep(400000); } }
int main() { pthread_t p; pthread_create(&p, 0, t, 0); for (;;) pause(); }
"""))
    time.sleep(0.8)
    return g.truth("port-taken", pid, {"port": 11211}, victim=victim)


@scenario("inherited-listener", "ports")
def inherited_listener_exec(g):
    """a program that a dead server had started (sleep, by a shell script) still has its listening socket"""
    prog = g.cc("backup-helper", "#include <unistd.h>\nint main() { alarm(300); for (;;) pause(); }")
    def parent():
        s = server(5001, "0.0.0.0", backlog=16)
        os.set_inheritable(s.fileno(), True)
        if os.fork() == 0:
            os.setsid()
            os.execv(prog, [prog])
        time.sleep(0.3)
        os._exit(0)
    p = g.role("wiki", parent, argv=["/srv/wiki"])
    g.wait(lambda: g.listening(5001))
    os.waitpid(p, 0)
    kid = g.wait(lambda: next((k for k in children(g.me) if g.comm(k) == "backup-helper"), 0))
    victim = g.role("wiki", retry_bind, "0.0.0.0", 5001, argv=["/srv/wiki"])
    def client():
        keep = []
        for _ in range(4):
            c = socket.socket()
            c.connect(("127.0.0.1", 5001))
            keep.append(c)
        forever()
    g.role("browser", client)
    g.wait(lambda: any(r["st"] == 10 and r["rx"] for r in g.tcp()))
    return g.truth("inherited-listener", kid, {"port": 5001}, victim=victim, accept=["port-taken", "accept-queue-not-served"])


@scenario("listener-shadowed", "ports")
def listener_shadowed(g):
    """a debug server listens on 127.0.0.1:8083 and takes local connections from the one that listens everywhere"""
    wide = g.role("shop-api", lambda: echo_server(8083, "0.0.0.0", reuseport=True), argv=["/srv/shop-api"])
    g.wait(lambda: g.listening(8083))
    pid = g.role("mock-server", lambda: echo_server(8083, "127.0.0.1", reuseport=True), argv=["/usr/bin/mock-server"])
    g.wait(lambda: g.listening(8083) == 2)
    g.role("checkout", http_client, 8083, "127.0.0.1", 0.05)
    return g.truth("listener-shadowed", pid, {"port": 8083}, victim=wide)


@scenario("listener-shadowed", "ports")
def listener_shadowed_v6(g):
    """as listener_shadowed; the one that listens everywhere has a socket of IPv6 that takes IPv4 as well"""
    wide = g.role("shop-api", lambda: echo_server(8084, "::", reuseport=True), argv=["/srv/shop-api"])
    g.wait(lambda: g.listening(8084))
    pid = g.role("mock-server", lambda: echo_server(8084, "127.0.0.1", reuseport=True), argv=["/usr/bin/mock-server"])
    g.wait(lambda: g.listening(8084) == 2)
    return g.truth("listener-shadowed", pid, {"port": 8084}, victim=wide)


def hanging_clients(g, addr, port, n, name="lb-worker", timeout=60):
    def client():
        keep = []
        for _ in range(n):
            c = socket.socket(socket.AF_INET6 if ":" in addr else socket.AF_INET)
            c.settimeout(timeout)
            try:
                c.connect((addr, port))
                c.send(b"GET / HTTP/1.0\r\n\r\n")
            except OSError:
                pass
            keep.append(c)
        forever()
    return g.role(name, client)


DEADLOCK = r"""
#include <pthread.h>
#include <unistd.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <netinet/in.h>
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER; static int s;
static void *w(void *a) { pthread_mutex_lock(&m); int c = accept(s, 0, 0); (void)c; pthread_mutex_lock(&m); return 0; }
int main(int n, char **v) { s = socket(AF_INET6, SOCK_STREAM, 0); int one = 1; setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &one, 4);
  struct sockaddr_in6 a = { AF_INET6, htons(atoi(v[1])) }; bind(s, (void *)&a, sizeof a); listen(s, atoi(v[2]));
  pthread_t t; for (int i = 0; i < 8; i++) pthread_create(&t, 0, w, 0); for (;;) pause(); }
"""


@scenario("accept-queue-not-served", "accept")
def accept_not_served(g):
    """eight threads of a server have locked each other out: connections wait in a long accept queue, nobody takes them"""
    pid = g.run(g.cc("rpc-server", DEADLOCK), 9101, 128)
    g.wait(lambda: g.listening(9101))
    hanging_clients(g, "127.0.0.1", 9101, 6)
    g.wait(lambda: any(r["st"] == 10 and r["rx"] >= 4 for r in g.tcp()))
    return g.truth("accept-queue-not-served", pid, {"port": 9101, "queue": 5})


@scenario("accept-queue-full", "accept")
def accept_full_v6(g):
    """IPv6, threads that wait for a lock, a queue of 4"""
    pid = g.run(g.cc("rpc-server", DEADLOCK), 9102, 4)
    g.wait(lambda: g.listening(9102))
    hanging_clients(g, "::1", 9102, 6, timeout=1)
    def client():
        while True:
            c = socket.socket(socket.AF_INET6)
            c.settimeout(1.5)
            try:
                c.connect(("::1", 9102))
            except OSError:
                pass
            c.close()
    for _ in range(5):
        g.role("lb-worker", client)
    before = g.counter("ListenOverflows")
    g.wait(lambda: g.counter("ListenOverflows") > before + 2)
    return g.truth("accept-queue-full", pid, {"port": 9102}, accept=["accept-queue-not-served"])


@scenario("accept-queue-full", "accept")
def accept_full_prefork(g):
    """three pre-forked workers share a listener and all hang in a request; clients come and go, non-blocking"""
    def master():
        s = server(9103, backlog=5)
        for _ in range(3):
            if os.fork() == 0:
                retitle("gunicorn", ["gunicorn: worker"])
                c, _ = s.accept()
                c.recv(10)
                forever()
        os.wait()
        forever()
    pid = g.role("gunicorn", master, argv=["gunicorn: master"])
    g.wait(lambda: g.listening(9103) and len(children(pid)) == 3)
    def client():
        while True:
            cs = []
            for _ in range(6):
                c = socket.socket()
                c.setblocking(False)
                c.connect_ex(("127.0.0.1", 9103))
                cs.append(c)
            time.sleep(2.5)
            for c in cs:
                c.close()
    for _ in range(3):
        g.role("nginx", client, argv=["nginx: worker process"])
    g.wait(lambda: any(r["st"] == 10 and r["rx"] > 5 for r in g.tcp()) and g.counter("ListenOverflows") > 3)
    return g.truth("accept-queue-full", pid, {"port": 9103}, also=children(pid), accept=["accept-queue-not-served"])


@scenario("accept-queue-full", "accept")
def accept_full_slow(g):
    """a server takes one connection a second, far fewer than come"""
    def slow():
        s = server(9104, backlog=10)
        while True:
            c, _ = s.accept()
            time.sleep(1)
            c.close()
    pid = g.role("pdf-render", slow, argv=["/srv/pdf-render"])
    g.wait(lambda: g.listening(9104))
    def client():
        while True:
            c = socket.socket()
            c.settimeout(1)
            try:
                c.connect(("127.0.0.1", 9104))
                c.recv(1)
            except OSError:
                pass
            c.close()
            time.sleep(0.02)
    for _ in range(20):
        g.role("frontend", client)
    g.wait(lambda: any(r["st"] == 10 and r["rx"] > 10 for r in g.tcp()) and g.counter("ListenOverflows") > 20)
    return g.truth("accept-queue-full", pid, {"port": 9104}, accept=["accept-queue-not-served"])


@scenario("reuseport-member-stuck", "accept")
def reuseport_stuck_thread(g):
    """four threads of one process have a listener each of the same port (IPv6); one thread is stuck"""
    pid = g.run(g.cc("edge", r"""
#include <pthread.h>
#include <unistd.h>
#include <sys/socket.h>
#include <netinet/in.h>
static void *w(void *x) { int s = socket(AF_INET6, SOCK_STREAM, 0), one = 1; setsockopt(s, SOL_SOCKET, SO_REUSEPORT, &one, 4);
  struct sockaddr_in6 a = { AF_INET6, htons(9105) }; bind(s, (void *)&a, sizeof a); listen(s, 64);
  for (;;) { if ((long)x == 2) pause(); int c = accept4(s, 0, 0, 0); char b[100]; if (read(c, b, 100) > 0) write(c, "ok", 2); close(c); } }
int main() { pthread_t t; for (long i = 0; i < 4; i++) pthread_create(&t, 0, w, (void *)i); for (;;) pause(); }
"""))
    g.wait(lambda: g.listening(9105) == 4)
    def client():
        while True:
            c = socket.socket(socket.AF_INET6)
            c.settimeout(3)
            try:
                c.connect(("::1", 9105))
                c.send(b"x")
                c.recv(10)
            except OSError:
                pass
            c.close()
            time.sleep(0.02)
    for _ in range(16):
        g.role("frontend", client)
    g.wait(lambda: max(r["rx"] for r in g.tcp() if r["st"] == 10) >= 6)
    return g.truth("reuseport-member-stuck", pid, {"port": 9105}, accept=["accept-queue-not-served", "accept-queue-full"])


@scenario("syn-backlog", "accept")
def syn_backlog(g):
    """a flood of first segments from forged addresses: half-open handshakes fill a listener"""
    g.blackhole()
    for k in ("all", "lo", "eth9"):
        g.sysctl(f"net/ipv4/conf/{k}/rp_filter", 0)
        g.sysctl(f"net/ipv4/conf/{k}/accept_local", 1)
    g.sysctl("net/ipv4/tcp_synack_retries", 8)
    pid = g.role("web", lambda: echo_server(9106, "10.77.0.1", backlog=1024), argv=["/srv/web"])
    g.wait(lambda: g.listening(9106))
    def total(data):
        s = sum(struct.unpack(f"!{len(data) // 2}H", data))
        while s >> 16:
            s = (s & 0xffff) + (s >> 16)
        return ~s & 0xffff
    def flood():
        raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
        dst = socket.inet_aton("10.77.0.1")
        n = 0
        while True:
            n += 1
            src = socket.inet_aton(f"10.77.{4 + n // 200 % 50}.{1 + n % 200}")
            tcp = struct.pack("!HHIIBBHHH", 1024 + n % 60000, 9106, n, 0, 0x50, 2, 64240, 0, 0)
            tcp = tcp[:16] + struct.pack("!H", total(src + dst + struct.pack("!BBH", 0, 6, 20) + tcp)) + tcp[18:]
            raw.sendto(struct.pack("!BBHHHBBH4s4s", 0x45, 0, 40, 0, 0, 64, 6, 0, src, dst) + tcp, ("10.77.0.1", 0))
            time.sleep(0.01)
    g.role("nobody", flood)
    g.wait(lambda: g.count(3, 9106) >= 120)
    return g.truth("syn-backlog", pid, {"port": 9106, "half_open": g.count(3, 9106)})


def unix_pair(g, kind, name, reader, writer):
    path = f"{g.tmp}/{name}.sock"
    def read_side():
        s = socket.socket(socket.AF_UNIX, kind)
        s.bind(path)
        if kind == socket.SOCK_DGRAM:
            s.recv(100)
            forever()
        s.listen(8)
        c, _ = s.accept()
        c.recv(100)
        forever()
    def write_side():
        s = socket.socket(socket.AF_UNIX, kind)
        s.connect(path)
        while True:
            s.send(b"x" * 512)
    pid = g.role(reader, read_side, argv=["/usr/sbin/" + reader])
    g.wait(lambda: os.path.exists(path))
    time.sleep(0.2)
    victims = [g.role(writer, write_side, argv=["/srv/" + writer]) for _ in range(1 if kind == socket.SOCK_STREAM else 3)]
    g.wait(lambda: all(re_wait(v) for v in victims))
    time.sleep(0.3)
    return g.truth("unix-queue-full", pid, {"socket": path}, victim=victims[0], also=[])


def re_wait(pid):
    w = read(f"/proc/{pid}/wchan")
    return "unix" in w or "sock_alloc" in w


@scenario("unix-queue-full", "accept")
def unix_stream_full(g):
    """a log daemon does not read its unix stream; who writes to it stands still"""
    return unix_pair(g, socket.SOCK_STREAM, "journal", "journald", "app-server")


@scenario("unix-queue-full", "accept")
def unix_dgram_full(g):
    """as syslog: three programs write datagrams to a unix socket whose daemon hangs"""
    return unix_pair(g, socket.SOCK_DGRAM, "devlog", "rsyslogd", "cron-job")


@scenario("unix-queue-full", "accept")
def unix_socketpair_full(g):
    """parent and worker talk through a socketpair; the worker is stuck, a thread of the parent waits in write()"""
    worker = g.cc("img-worker", "#include <unistd.h>\nint main() { char b[64]; read(0, b, 64); for (;;) sleep(100); }")
    boss = g.cc("img-master", r"""
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>
static int p[2];
static void *t(void *x) { char b[1024] = "x"; for (;;) write(p[0], b, sizeof b); }
int main(int n, char **v) { socketpair(AF_UNIX, SOCK_STREAM, 0, p);
  if (!fork()) { dup2(p[1], 0); close(p[0]); close(p[1]); execl(v[1], "img-worker", (char *)0); }
  close(p[1]); pthread_t q; pthread_create(&q, 0, t, 0); for (;;) pause(); }
""")
    pid = g.run(boss, worker)
    kid = g.wait(lambda: next((k for k in children(pid) if g.comm(k) == "img-worker"), 0))
    time.sleep(0.8)
    return g.truth("unix-queue-full", kid, {}, victim=pid)
