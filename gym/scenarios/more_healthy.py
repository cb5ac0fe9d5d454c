"""Machines that work hard and have nothing wrong: nobody may be accused."""
from gym import *
from more_cpu import c_program


@healthy
def h_database(g):
    """a database that commits twenty times a second (write-ahead log, fsync), with a checkpoint and clients that keep their connections"""
    def serve():
        s = server(5432)
        log = os.open(g.tmp + "/wal", os.O_CREAT | os.O_WRONLY)
        data = os.open(g.tmp + "/base", os.O_CREAT | os.O_RDWR)
        n, last = 0, time.time()
        while True:
            os.write(log, os.urandom(8192))
            os.fdatasync(log)
            n += 1
            if n % 100 == 0:
                os.pwrite(data, os.urandom(1 << 20), n % 16 << 20)
                os.fsync(data)
                os.lseek(log, 0, 0)
            time.sleep(max(0, last + 0.05 - time.time()))
            last = time.time()
    def backend():
        echo_server(5433, work=50)
    g.role("postgres", serve, argv=["postgres: walwriter"])
    g.role("postgres", backend, argv=["postgres: backend"])
    g.wait(lambda: g.listening(5433))
    for _ in range(3):
        g.role("app", http_client, 5433, "127.0.0.1", 0.01)
    time.sleep(1)
    return g.truth("healthy", 0, {})


@healthy
def h_prefork(g):
    """a master with four workers that share a listener (nginx), short and long connections, an access log, IPv6"""
    def master():
        s = server(8080, "::", 511)
        for _ in range(4):
            if os.fork() == 0:
                retitle("nginx", ["nginx: worker process"])
                log = os.open(g.tmp + "/access.log", os.O_CREAT | os.O_WRONLY | os.O_APPEND)
                while True:
                    c, _ = s.accept()
                    c.settimeout(2)
                    try:
                        while c.recv(4096):
                            c.send(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
                            os.write(log, b'::1 - "GET / HTTP/1.1" 200 2\n')
                    except OSError:
                        pass
                    c.close()
        forever()
    g.role("nginx", master, argv=["nginx: master process"])
    g.wait(lambda: g.listening(8080))
    for k in range(3):
        g.role("wrk", http_client, 8080, "::1", 0.003, k == 0)
    time.sleep(1)
    return g.truth("healthy", 0, {})


@healthy
def h_backup(g):
    """tar and gzip: a full pipe, a busy processor, a growing archive"""
    os.makedirs(g.tmp + "/src")
    for i in range(60):
        with open(f"{g.tmp}/src/{i}", "wb") as f:
            f.write(os.urandom(200000) + b"text of a log line, again and again\n" * 20000)
    write(g.tmp + "/backup.sh", f"while :; do tar cf - -C {g.tmp} src | gzip -6 > {g.tmp}/backup.tgz; done\n")
    g.role("backup.sh", lambda: os.execv("/bin/sh", ["/bin/sh", g.tmp + "/backup.sh"]))
    g.wait(lambda: os.path.exists(g.tmp + "/backup.tgz"))
    time.sleep(0.5)
    return g.truth("healthy", 0, {})


@healthy
def h_install(g):
    """as npm ci: thousands of small files, missing ones looked for, a scratch folder renamed, some threads"""
    def go():
        n = 0
        while True:
            d = f"{g.tmp}/node_modules-{n % 3}"
            shutil.rmtree(d, ignore_errors=True)
            for k in range(40):
                os.makedirs(f"{d}/p{k}/lib")
                for i in range(12):
                    os.path.exists(f"{d}/p{k}/package-lock.json")
                    write(f"{d}/p{k}/lib/{i}.js", "module.exports = 1\n" * 40)
            n += 1
            time.sleep(0.02)
    g.role("npm ci", go, argv=["npm ci"])
    g.wait(lambda: os.path.exists(g.tmp + "/node_modules-0/p30"))
    return g.truth("healthy", 0, {})


@healthy
def h_cron(g):
    """cron starts thirty short programs at once, then nothing for two seconds; each reads a little and ends with status 1"""
    write(g.tmp + "/job.sh", "test -e /nonexistent || grep -q root /etc/passwd; exit 1\n")
    def crond():
        while True:
            pids = [os.posix_spawn("/bin/sh", ["sh", g.tmp + "/job.sh"], {"PATH": "/usr/bin:/bin"}) for _ in range(30)]
            for p in pids:
                os.waitpid(p, 0)
            time.sleep(2)
    g.role("cron", crond, argv=["/usr/sbin/cron -f"])
    time.sleep(1)
    return g.truth("healthy", 0, {})


@healthy
def h_git_gc(g):
    """git packs a repository over and over"""
    d = g.tmp + "/repo"
    sh(f"git init -q {d} && cd {d} && git config user.email a@example.org && git config user.name a")
    for i in range(12):
        with open(f"{d}/f{i}", "wb") as f:
            f.write(os.urandom(300000) + b"line\n" * 50000)
    sh(f"cd {d} && git add . && git commit -qm one")
    write(g.tmp + "/gc.sh", f"cd {d}; while :; do git repack -adfq --depth=20; git fsck --no-progress >/dev/null 2>&1; done\n")
    g.role("gc.sh", lambda: os.execv("/bin/sh", ["/bin/sh", g.tmp + "/gc.sh"]))
    time.sleep(1)
    return g.truth("healthy", 0, {})


@healthy
def h_epoll(g):
    """a well-behaved epoll server with thousands of wake-ups a second and a timer, C, IPv4, some clients"""
    c_program(g, "gateway", r"""
#define _GNU_SOURCE
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <unistd.h>
#include <fcntl.h>
int main() { int s = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), one = 1; setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &one, 4);
  struct sockaddr_in a = { AF_INET, htons(8085) }; bind(s, (void *)&a, sizeof a); listen(s, 511);
  int e = epoll_create1(0), t = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK); struct itimerspec ts = { { 0, 10000000 }, { 0, 10000000 } }; timerfd_settime(t, 0, &ts, 0);
  struct epoll_event v = { EPOLLIN, { .fd = s } }; epoll_ctl(e, EPOLL_CTL_ADD, s, &v); v.data.fd = t; epoll_ctl(e, EPOLL_CTL_ADD, t, &v);
  for (;;) { struct epoll_event w[16]; int n = epoll_wait(e, w, 16, 100); for (int i = 0; i < n; i++) { int f = w[i].data.fd; char b[4096]; long x;
    if (f == s) { int c; while ((c = accept4(s, 0, 0, SOCK_NONBLOCK)) >= 0) { v.events = EPOLLIN; v.data.fd = c; epoll_ctl(e, EPOLL_CTL_ADD, c, &v); } }
    else if (f == t) read(t, &x, 8);
    else for (;;) { long r = recv(f, b, sizeof b, 0); if (r > 0) send(f, b, r, MSG_NOSIGNAL); else { if (r == 0) close(f); break; } } } } }
""")
    g.wait(lambda: g.listening(8085))
    for k in range(5):
        g.role("client", http_client, 8085, "127.0.0.1", 0.0005, k < 4)
    time.sleep(1)
    return g.truth("healthy", 0, {})


@healthy
def h_heap(g):
    """a heap that breathes as that of a JVM: it grows for a second, then the collector takes most of it back; twenty threads"""
    def go():
        for _ in range(20):
            threading.Thread(target=lambda: [time.sleep(1) for _ in range(1000)], daemon=True).start()
        while True:
            keep = []
            for _ in range(60):
                keep.append(bytearray(b"x" * (1 << 20)))
                time.sleep(0.02)
            del keep
    g.role("java", go, argv=["java -Xmx256m -jar app.jar"])
    time.sleep(1)
    return g.truth("healthy", 0, {})


@healthy
def h_start(g):
    """programs that start: bursts of faults, of missing files (a search path), of memory"""
    def go():
        while True:
            subprocess.run([sys.executable, "-c", "import json, http.server, email, sqlite3, xml.dom.minidom, asyncio"], capture_output=True)
            time.sleep(1)
    g.role("deployer", go, argv=["/usr/bin/deployer"])
    time.sleep(1)
    return g.truth("healthy", 0, {})


@healthy
def h_queue(g):
    """a producer that is faster than its consumer: a full pipe and a full unix socket that are read all the time"""
    def pipes():
        r, w = os.pipe()
        if os.fork() == 0:
            os.close(w)
            retitle("consumer", ["consumer"])
            while os.read(r, 65536):
                time.sleep(0.02)
        os.close(r)
        while True:
            os.write(w, b"x" * 4096)
    def unix():
        a, b = socket.socketpair()
        if os.fork() == 0:
            a.close()
            retitle("sink", ["sink"])
            while b.recv(65536):
                time.sleep(0.02)
        b.close()
        while True:
            a.send(b"x" * 4096)
    g.role("producer", pipes)
    g.role("source", unix)
    time.sleep(1)
    return g.truth("healthy", 0, {})


@healthy
def h_failover(g):
    """a client with two addresses, of which the first is refused now and then; a port that is free at the second try; a lock that is handed over"""
    path = g.tmp + "/cache.lock"
    write(path, "")
    g.role("api", lambda: echo_server(8086), argv=["/srv/api"])
    g.wait(lambda: g.listening(8086))
    def client():
        while True:
            for port in (8087, 8086):
                try:
                    socket.create_connection(("127.0.0.1", port), timeout=1).close()
                except OSError:
                    pass
            time.sleep(2)
    def locker():
        fd = os.open(path, os.O_RDWR)
        while True:
            fcntl.flock(fd, fcntl.LOCK_EX)
            time.sleep(0.05)
            fcntl.flock(fd, fcntl.LOCK_UN)
            time.sleep(0.01)
    def ports():
        while True:
            for port in range(8086, 8090):
                s = socket.socket()
                try:
                    s.bind(("127.0.0.1", port))
                    s.listen(1)
                    time.sleep(1.5)
                    break
                except OSError:
                    pass
                finally:
                    s.close()
    g.role("client", client)
    for _ in range(3):
        g.role("worker", locker)
    time.sleep(1)
    return g.truth("healthy", 0, {})


@healthy
def h_container(g):
    """a container with quota and limits that it keeps: some processor, a file cache, a dozen processes"""
    dirs = [g.cgroup("cpu"), g.cgroup("memory"), g.cgroup("pids")]
    if os.path.exists(dirs[0] + "/cpu.cfs_quota_us"):
        write(dirs[0] + "/cpu.cfs_quota_us", 100000)
    elif os.path.exists(dirs[0] + "/cpu.max"):
        write(dirs[0] + "/cpu.max", "100000 100000")
    write(dirs[1] + ("/memory.max" if os.path.exists(dirs[1] + "/memory.max") else "/memory.limit_in_bytes"), 200 << 20)
    write(dirs[2] + "/pids.max", 100)
    def go():
        for _ in range(10):
            if os.fork() == 0:
                while True:
                    sum(range(20000))
                    time.sleep(0.05)
        with open(g.tmp + "/f", "wb") as f:
            f.write(os.urandom(32 << 20))
        while True:
            with open(g.tmp + "/f", "rb") as f:
                while f.read(1 << 20):
                    pass
            time.sleep(0.3)
    g.role("app", go, cg=dirs)
    time.sleep(1)
    return g.truth("healthy", 0, {})


@healthy
def h_resolver(g):
    """a program that keeps one socket for all its questions to a name server, and gets an answer each time"""
    from more_tcp import name_server
    g.role("unbound", name_server, "127.0.0.1", argv=["unbound"])
    g.wait(lambda: ":0035" in read("/proc/self/net/udp"))
    def ask():
        c = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        c.connect(("127.0.0.1", 53))
        n = 0
        while True:
            n += 1
            c.send(struct.pack("!HHHHHH", n & 0xffff, 0x100, 1, 0, 0, 0) + b"\4prod\4test\0\0\1\0\1")
            c.recv(512)
            time.sleep(0.2)
    g.role("envoy", ask, argv=["/usr/bin/envoy"])
    time.sleep(1)
    return g.truth("healthy", 0, {})
