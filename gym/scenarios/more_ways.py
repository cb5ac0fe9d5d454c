"""The same causes in other ways: other languages, other protocols, processes instead of threads; and work that looks like
them and is well."""
from gym import *
from more_process import supervised, crashing


@scenario("crash-loop", "process")
def exit_python(g):
    """a service in python ends with status 1 right after its start, as its import fails; its supervisor starts it again"""
    path = g.tmp + "/billing"
    write(path, "#!/usr/bin/python3\nimport json, socket\nimport not_installed\n")
    os.chmod(path, 0o755)
    return crashing(g, "crash-loop", "supervisord", path)


@scenario("crash-loop", "process")
def exit_node(g):
    """a service in node throws an error at its start (status 1); a shell script starts it again without a pause"""
    path = g.tmp + "/run-web.sh"
    write(path, "#!/bin/bash\nwhile :; do node -e 'require(\"net\"); throw new Error(\"no config\")' 2>/dev/null; sleep 0.2; done\n")
    os.chmod(path, 0o755)
    pid = g.run(path)
    time.sleep(1)
    t = g.truth("crash-loop", pid, {})
    t["also"] = [{"pid": 0, "comm": "node"}]
    return t


@scenario("crash-loop", "process")
def exit_config(g):
    """a daemon in C does not like its configuration: status 78, 5 ms after each start, every half a second"""
    return crashing(g, "crash-loop", "runsv", g.cc("mail-relay", "#include <unistd.h>\nint main() { usleep(5000); _exit(78); }"))


@scenario("crash-loop", "process")
def exit_worker(g):
    """workers of a pre-fork server end with status 3 after half a second and are replaced; they never call exec"""
    def boss():
        while True:
            kids = []
            for _ in range(2):
                k = os.fork()
                if k == 0:
                    retitle("uwsgi", ["uwsgi worker"])
                    time.sleep(0.4)
                    os._exit(3)
                kids.append(k)
            for k in kids:
                os.waitpid(k, 0)
    pid = g.role("uwsgi", boss, argv=["uwsgi master"])
    time.sleep(1)
    t = g.truth("crash-loop", pid, {})
    t["also"] = [{"pid": 0, "comm": "uwsgi"}]
    return t


@healthy
def h_asking(g):
    """scripts that ask by a status: grep, test, pgrep, a health check in shell that is answered with no, now and then with yes"""
    path = g.tmp + "/watchdog.sh"
    write(path, "#!/bin/bash\nwhile :; do grep -q nothing /etc/passwd; pgrep -x no-such-program >/dev/null; [ -e /nowhere ]; sh -c 'test -e /nowhere'; sleep 0.2; done\n")
    os.chmod(path, 0o755)
    g.run(path)
    path = g.tmp + "/poll-queue"
    write(path, "#!/bin/bash\nn=0\nwhile :; do n=$((n+1)); python3 -c \"import sys; sys.exit($n % 3 != 0)\"; sleep 0.1; done\n")
    os.chmod(path, 0o755)
    g.run(path)
    time.sleep(1)
    return g.truth("healthy", 0, {})


@scenario("port-taken", "ports")
def port_bound_only(g):
    """the port is bound by a program that does not listen on it (yet, and never will); who binds cannot have it"""
    def holder():
        s = socket.socket()
        s.bind(("0.0.0.0", 8085))
        forever()
    def wants():
        while True:
            s = socket.socket()
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                s.bind(("0.0.0.0", 8085))
                s.listen()
                forever()
            except OSError:
                s.close()
            time.sleep(0.5)
    pid = g.role("half-started", holder, argv=["/srv/half-started"])
    time.sleep(0.3)
    v = g.role("gateway", wants, argv=["/srv/gateway"])
    time.sleep(0.5)
    return g.truth("port-taken", pid, {"port": 8085}, victim=v)


@scenario("port-taken", "ports")
def port_taken_connection(g):
    """the port is the local one of a connection that a client has open (it is in the range of local ports)"""
    def backend():
        s = server(8300)
        keep = []
        while True:
            keep.append(s.accept()[0])
    def client():
        c = socket.socket()
        c.bind(("127.0.0.1", 40123))
        c.connect(("127.0.0.1", 8300))
        forever()
    def wants():
        while True:
            s = socket.socket()
            try:
                s.bind(("127.0.0.1", 40123))
                s.listen()
                forever()
            except OSError:
                s.close()
            time.sleep(0.5)
    b = g.role("backend", backend)
    g.wait(lambda: g.listening(8300))
    pid = g.role("sync-agent", client, argv=["/srv/sync-agent"])
    g.wait(lambda: g.count(1, lport=40123))
    v = g.role("metrics-api", wants, argv=["/srv/metrics-api"])
    time.sleep(0.5)
    return g.truth("port-taken", pid, {"port": 40123}, victim=v)


@scenario("port-taken", "ports")
def port_taken_unix(g):
    """the name of a unix socket is taken: another program listens on it"""
    def holder():
        s = socket.socket(socket.AF_UNIX)
        s.bind(g.tmp + "/ctl.sock")
        s.listen()
        forever()
    def wants():
        while True:
            s = socket.socket(socket.AF_UNIX)
            try:
                s.bind(g.tmp + "/ctl.sock")
                s.listen()
                forever()
            except OSError:
                s.close()
            time.sleep(0.4)
    pid = g.role("old-daemon", holder, argv=["/srv/old-daemon"])
    time.sleep(0.3)
    v = g.role("new-daemon", wants, argv=["/srv/new-daemon"])
    time.sleep(0.5)
    return g.truth("port-taken", pid, {}, victim=v)


@scenario("port-taken", "ports")
def port_taken_abstract(g):
    """the abstract name of a unix socket is taken by a program of another language (C, datagrams)"""
    pid = g.run(g.cc("single-guard", r"""
#include <sys/socket.h>
#include <sys/un.h>
#include <string.h>
#include <unistd.h>
int main() {
  struct sockaddr_un a = { AF_UNIX }; strcpy(a.sun_path + 1, "app-lock");
  int s = socket(AF_UNIX, SOCK_DGRAM, 0);
  bind(s, (void *)&a, 2 + 1 + 8);
  for (;;) pause();
}"""))
    def wants():
        while True:
            s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            try:
                s.bind("\0app-lock")
                forever()
            except OSError:
                s.close()
            time.sleep(0.4)
    time.sleep(0.3)
    v = g.role("second-start", wants, argv=["/srv/second-start"])
    time.sleep(0.5)
    return g.truth("port-taken", pid, {}, victim=v)


RWLOCK = r"""
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <unistd.h>
static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static volatile long table[4096];
static void *writer(void *a) { for (;;) { pthread_rwlock_wrlock(&lock); for (int i = 0; i < 400; i++) table[i]++; pthread_rwlock_unlock(&lock); } }
static void *reader(void *a) { long s = 0; for (;;) { pthread_rwlock_rdlock(&lock); for (int i = 0; i < 40; i++) s += table[i]; pthread_rwlock_unlock(&lock); } }
int main() { pthread_t t; for (int i = 0; i < 3; i++) pthread_create(&t, 0, writer, 0); for (int i = 0; i < 5; i++) pthread_create(&t, 0, reader, 0); for (;;) pause(); }
"""


@scenario("lock-contention", "cpu")
def rwlock_contention(g):
    """readers and writers of a table wait for its read-write lock"""
    pid = g.run(g.cc("route-table", RWLOCK))
    time.sleep(1)
    return g.truth("lock-contention", pid, {})


@scenario("lock-contention", "cpu")
def rwlock_writers(g):
    """as rwlock_contention, with a lock that prefers writers"""
    pid = g.run(g.cc("acl-cache", RWLOCK.replace("int main() {", "int main() { pthread_rwlockattr_t a; pthread_rwlockattr_init(&a); "
                 "pthread_rwlockattr_setkind_np(&a, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP); pthread_rwlock_init(&lock, &a);")))
    time.sleep(1)
    return g.truth("lock-contention", pid, {})


@scenario("lock-contention", "cpu")
def lock_long(g):
    """ten threads want a lock that is held for half a millisecond each time: few calls, all of them wait"""
    pid = g.run(g.cc("order-book", r"""
#include <pthread.h>
#include <time.h>
#include <unistd.h>
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static double x;
static void *w(void *a) { for (;;) { pthread_mutex_lock(&lock); struct timespec s, n; clock_gettime(CLOCK_MONOTONIC, &s);
  do { for (int i = 0; i < 100; i++) x += i; clock_gettime(CLOCK_MONOTONIC, &n); } while ((n.tv_sec - s.tv_sec) * 1000000000L + n.tv_nsec - s.tv_nsec < 100000);
  pthread_mutex_unlock(&lock); } }
int main() { pthread_t t; for (int i = 0; i < 10; i++) pthread_create(&t, 0, w, 0); for (;;) pause(); }
"""))
    time.sleep(1)
    return g.truth("lock-contention", pid, {}, accept=["cpu-hog"])


@scenario("cpu-throttled", "cpu")
def throttled_nested(g):
    """the quota is on a group, its processes are in groups below it (a pod and its containers)"""
    top = g.cgroup("cpu")
    v1 = os.path.exists(top + "/cpu.cfs_quota_us")
    below = top + "/app"
    os.makedirs(below)
    g.undo(f"for p in $(cat {below}/cgroup.procs 2>/dev/null); do kill -9 $p; done; test ! -d {below} || rmdir {below}")
    if v1:
        write(top + "/cpu.cfs_period_us", 50000)
        write(top + "/cpu.cfs_quota_us", 10000)
    else:
        write(top + "/cpu.max", "10000 50000")
    def work():
        while True:
            sum(i * i for i in range(1000))
    pid = g.role("pricing-eng", work, cg=[below])
    time.sleep(1)
    return g.truth("cpu-throttled", pid, {})


@scenario("pids-limit", "limits")
def pids_limit_nested(g):
    """the limit of processes is on the group above; fork fails in a program of a group below it"""
    top = g.cgroup("pids")
    below = top + "/web"
    os.makedirs(below)
    g.undo(f"for p in $(cat {below}/cgroup.procs 2>/dev/null); do kill -9 $p; done; test ! -d {below} || rmdir {below}")
    write(top + "/pids.max", 12)
    def boss():
        for _ in range(30):
            try:
                if os.fork() == 0:
                    forever()
            except OSError:
                pass
        while True:
            try:
                if os.fork() == 0:
                    forever()
            except OSError:
                time.sleep(0.3)
    pid = g.role("mail-filter", boss, cg=[below])
    time.sleep(1)
    return g.truth("pids-limit", pid, {})


@scenario("oom-kill", "memory")
def oom_nested(g):
    """the memory limit is on the group above; a worker of a group below it is killed again and again"""
    top = g.cgroup("memory")
    below = top + "/jobs"
    os.makedirs(below)
    g.undo(f"for p in $(cat {below}/cgroup.procs 2>/dev/null); do kill -9 $p; done; test ! -d {below} || rmdir {below}")
    write(top + ("/memory.limit_in_bytes" if os.path.exists(top + "/memory.limit_in_bytes") else "/memory.max"), 60 << 20)
    def boss():
        while True:
            if os.fork() == 0:
                retitle("resizer", ["resizer"])
                keep = []
                while True:
                    keep.append(b"x" * (8 << 20))
            os.wait()
            time.sleep(0.5)
    pid = g.role("image-farm", boss, cg=[below])
    time.sleep(1)
    t = g.truth("oom-kill", pid, {})
    t["also"] = [{"pid": 0, "comm": "resizer"}]
    return t


@scenario("busy-poll", "cpu")
def busy_poll_udp(g):
    """a C program asks a UDP socket of IPv6 with MSG_DONTWAIT, over and over"""
    pid = g.run(g.cc("sip-proxy", r"""
#include <sys/socket.h>
#include <netinet/in.h>
int main() { struct sockaddr_in6 a = { AF_INET6 }; a.sin6_port = htons(5999); a.sin6_addr = in6addr_loopback; char b[99];
  int s = socket(AF_INET6, SOCK_DGRAM, 0); bind(s, (void *)&a, sizeof a); for (;;) recvfrom(s, b, 99, MSG_DONTWAIT, 0, 0); }
"""))
    time.sleep(0.5)
    return g.truth("busy-poll", pid, {})


@scenario("busy-poll", "cpu")
def busy_poll_thread(g):
    """one of four threads polls an eventfd with time limit 0; the others wait"""
    pid = g.run(g.cc("event-hub", r"""
#include <pthread.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>
static void *idle(void *a) { for (;;) pause(); }
static void *spin(void *a) { struct pollfd p = { eventfd(0, 0), POLLIN }; for (;;) poll(&p, 1, 0); }
int main() { pthread_t t; for (int i = 0; i < 3; i++) pthread_create(&t, 0, idle, 0); pthread_create(&t, 0, spin, 0); for (;;) pause(); }
"""))
    time.sleep(0.5)
    return g.truth("busy-poll", pid, {})


@scenario("tiny-io", "cpu")
def tiny_writes_node(g):
    """a program in node writes two bytes a call into a file"""
    pid = g.role("node", lambda: os.execvp("node", ["node", "-e", f"const fs=require('fs'),f=fs.openSync('{g.tmp}/out','w');let n=0;for(;;){{fs.writeSync(f,'ab');if(++n%500000==0)fs.ftruncateSync(f)}}"]))
    time.sleep(1)
    return g.truth("tiny-io", pid, {})


@scenario("enoent-storm", "cpu")
def enoent_shell(g):
    """a shell looks for a file that is not there, without a pause (test -e is built in)"""
    path = g.tmp + "/wait-for-it"
    write(path, "#!/bin/bash\nuntil [ -e /run/never-there.pid ]; do :; done\n")
    os.chmod(path, 0o755)
    pid = g.run(path)
    time.sleep(0.5)
    return g.truth("enoent-storm", pid, {}, accept=["busy-poll", "cpu-hog"])


@scenario("fork-storm", "cpu")
def fork_storm_python(g):
    """a program starts /bin/true by vfork for every piece of its work; several at a time"""
    def go():
        while True:
            for _ in range(4):
                os.posix_spawn("/bin/true", ["true"], {})
            for _ in range(4):
                os.wait()
    pid = g.role("thumb-maker", go)
    time.sleep(0.5)
    return g.truth("fork-storm", pid, {})


@scenario("fsync-storm", "disk")
def fsync_node(g):
    """a program in node calls fsync after every line, in its pool of threads"""
    pid = g.role("node", lambda: os.execvp("node", ["node", "-e", f"const fs=require('fs');fs.open('{g.tmp}/j','a',(e,f)=>{{(function w(){{fs.write(f,'x\\n',()=>fs.fsync(f,w))}})()}})"]))
    time.sleep(1)
    return g.truth("fsync-storm", pid, {})


@scenario("fd-exhausted", "limits")
def fd_accept(g):
    """a server has no descriptor left for accept(): connections wait in its queue"""
    def serve():
        resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
        s = server(8410)
        keep = []
        while True:
            try:
                keep.append(s.accept()[0])
            except OSError:
                time.sleep(0.05)
    def clients():
        keep = []
        for _ in range(90):
            keep.append(socket.create_connection(("127.0.0.1", 8410)))
        forever()
    pid = g.role("chat-server", serve, argv=["/srv/chat-server"])
    g.wait(lambda: g.listening(8410))
    v = g.role("chat-load", clients)
    time.sleep(1)
    return g.truth("fd-exhausted", pid, {}, victim=v)


@scenario("reader-stuck", "tcp-state")
def reader_stuck_waits(g):
    """a server in C has accepted a client and waits for a lock of its own for ever; the sender is written in node"""
    pid = g.run(g.cc("ingest", r"""
#include <pthread.h>
#include <sys/socket.h>
#include <netinet/in.h>
int main() { struct sockaddr_in a = { AF_INET, htons(8420) }; int one = 1; int s = socket(AF_INET, SOCK_STREAM, 0);
  setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &one, 4); bind(s, (void *)&a, sizeof a); listen(s, 9); accept(s, 0, 0);
  pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER; pthread_mutex_lock(&m); pthread_mutex_lock(&m); }
"""))
    g.wait(lambda: g.listening(8420))
    v = g.role("node", lambda: os.execvp("node", ["node", "-e", "const c=require('net').connect(8420,'127.0.0.1',()=>{const b=Buffer.alloc(65536);(function w(){while(c.write(b));c.once('drain',w)})()})"]))
    g.wait(lambda: any(r["rx"] > 60000 for r in g.tcp()))
    time.sleep(1)
    return g.truth("reader-stuck", pid, {}, victim=v)


@healthy
def h_backpressure(g):
    """a proxy that reads from its backend only as fast as its slow client takes it; the client reads all the time, slowly"""
    def backend():
        s = server(8431)
        while True:
            c, _ = s.accept()
            try:
                while True:
                    c.send(b"x" * 65536)
            except OSError:
                c.close()
    def proxy():
        s = server(8430)
        while True:
            c, _ = s.accept()
            b = socket.create_connection(("127.0.0.1", 8431))
            while True:
                c.sendall(b.recv(65536))
    def client():
        c = socket.create_connection(("127.0.0.1", 8430))
        while True:
            c.recv(200000)
            time.sleep(0.1)
    g.role("backend", backend)
    g.wait(lambda: g.listening(8431))
    g.role("proxy", proxy)
    g.wait(lambda: g.listening(8430))
    g.role("slow-client", client)
    time.sleep(1.5)
    return g.truth("healthy", 0, {})


@healthy
def h_workqueue(g):
    """a pool of eight threads takes small pieces of work from a queue with a condition variable"""
    g.run(g.cc("render-farm", r"""
#include <pthread.h>
#include <unistd.h>
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER; static pthread_cond_t c = PTHREAD_COND_INITIALIZER; static long todo;
static volatile double x;
static void *w(void *a) { for (;;) { pthread_mutex_lock(&m); while (!todo) pthread_cond_wait(&c, &m); todo--; pthread_mutex_unlock(&m); for (int i = 0; i < 200000; i++) x += i; } }
int main() { pthread_t t; for (int i = 0; i < 8; i++) pthread_create(&t, 0, w, 0);
  for (;;) { usleep(2000); pthread_mutex_lock(&m); todo++; pthread_cond_signal(&c); pthread_mutex_unlock(&m); } }
"""))
    time.sleep(1)
    return g.truth("healthy", 0, {})


@healthy
def h_mapped(g):
    """a database in C that maps a large file and touches a bit more of it all the time: resident, and no leak"""
    path = g.tmp + "/warm.dat"
    with open(path, "wb") as f:
        f.truncate(3 << 30)
    g.run(g.cc("lmdb-warm", r"""
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>
int main(int n, char **v) { volatile char s; int f = open(v[1], O_RDONLY); char *m = mmap(0, 3UL << 30, PROT_READ, MAP_SHARED, f, 0);
  for (unsigned long i = 0; i < 3UL << 30; i += 4096) { s += m[i]; if (i % (1 << 20) == 0) usleep(20000); } for (;;) pause(); }
"""), path)
    time.sleep(1)
    return g.truth("healthy", 0, {})


@healthy
def h_stream_cache(g):
    """a backup in a container with a limit of memory: what it copies passes through the page cache up to the limit, once"""
    d = g.cgroup("memory")
    write(d + ("/memory.limit_in_bytes" if os.path.exists(d + "/memory.limit_in_bytes") else "/memory.max"), 64 << 20)
    def go():
        with open(g.tmp + "/backup.tar", "wb", buffering=0) as f:
            n = 0
            while True:
                f.write(b"x" * (1 << 20))
                n += 1
                if n % 400 == 0:
                    f.seek(0)
                    f.truncate()
                time.sleep(0.03)
    g.role("restic", go, argv=["restic backup"], cg=[d])
    time.sleep(4)
    return g.truth("healthy", 0, {})


@healthy
def h_append(g):
    """databases that write what they change at the end of a file: an append-only file, a write-ahead log with a number"""
    def aof():
        f = os.open(g.tmp + "/appendonly.aof", os.O_CREAT | os.O_WRONLY | os.O_APPEND)
        while True:
            os.write(f, b"*3\r\n$3\r\nSET\r\n" * 3000)
            time.sleep(0.01)
    def wal():
        f = os.open(g.tmp + "/000123.log", os.O_CREAT | os.O_WRONLY)
        while True:
            os.write(f, b"k" * 50000)
            time.sleep(0.01)
    g.role("redis-server", aof)
    g.role("kafka", wal)
    time.sleep(1)
    return g.truth("healthy", 0, {})


@scenario("unix-queue-full", "accept")
def unix_accept_full(g):
    """a server listens on a unix socket and does not accept: its clients, written in shell and python, hang in connect()"""
    def serve():
        s = socket.socket(socket.AF_UNIX)
        s.bind(g.tmp + "/api.sock")
        s.listen(1)
        forever()
    def client():
        c = socket.socket(socket.AF_UNIX)
        c.connect(g.tmp + "/api.sock")
        forever()
    pid = g.role("plugin-host", serve, argv=["/srv/plugin-host"])
    time.sleep(0.3)
    kids = [g.role("plugin-cli", client) for _ in range(5)]
    time.sleep(1)
    return g.truth("unix-queue-full", pid, {}, victim=kids[-1], also=kids, accept=["accept-queue-full", "accept-queue-not-served"])


@scenario("file-lock-wait", "blocked")
def flock_busy_holder(g):
    """a shell script holds the lock of a cron job (flock) while a program of it computes; two others wait"""
    path = g.tmp + "/nightly"
    write(path, f"#!/bin/bash\nexec 9>{g.tmp}/lock\nflock 9\nwhile :; do :; done\n")
    os.chmod(path, 0o755)
    pid = g.run(path)
    time.sleep(0.5)
    for _ in range(2):
        g.role("flock", lambda: os.execvp("flock", ["flock", g.tmp + "/lock", "true"]))
    time.sleep(1)
    return g.truth("file-lock-wait", pid, {})


@scenario("fd-exhausted", "limits")
def fd_node(g):
    """a program in node opens files and never closes them"""
    def go():
        resource.setrlimit(resource.RLIMIT_NOFILE, (128, 128))
        os.execvp("node", ["node", "-e", "const fs=require('fs');setInterval(()=>{try{fs.openSync('/etc/hostname')}catch(e){}},20)"])
    pid = g.role("node", go)
    time.sleep(4)
    return g.truth("fd-exhausted", pid, {})


@scenario("memory-growth", "memory")
def growth_node(g):
    """a program in node keeps every buffer it made"""
    pid = g.role("node", lambda: os.execvp("node", ["node", "-e", "const k=[];setInterval(()=>{if(k.length<900)k.push(Buffer.alloc(2<<20,1))},50)"]))
    time.sleep(1)
    return g.truth("memory-growth", pid, {})


@scenario("crash-loop", "process")
def crash_trap(g):
    """a program of another user ends with SIGTRAP at once; a shell script starts it again, ten times a second"""
    prog = g.cc("wasm-run", "int main() { __builtin_trap(); }")
    path = g.tmp + "/keepalive.sh"
    write(path, f"#!/bin/bash\nwhile :; do {prog}; sleep 0.1; done\n")
    os.chmod(path, 0o755)
    pid = g.run(path, uid=65534)
    time.sleep(1)
    t = g.truth("crash-loop", pid, {})
    t["also"] = [{"pid": 0, "comm": "wasm-run"}]
    return t


@scenario("pipe-full", "blocked")
def pipe_full_shell(g):
    """in a shell pipeline the last program sleeps: the one before it stands still"""
    path = g.tmp + "/export.sh"
    write(path, "#!/bin/bash\ncat /dev/zero | tr '\\0' x | sleep 600\n")
    os.chmod(path, 0o755)
    pid = g.run(path)
    time.sleep(1)
    kids = {g.comm(k): k for k in children(pid)}
    return g.truth("pipe-full", kids["sleep"], {}, victim=kids["tr"], also=[kids["tr"]])


@scenario("connection-refused", "path")
def refused_node(g):
    """a program in node connects to a port of IPv6 where nobody listens, forty times a second"""
    pid = g.role("node", lambda: os.execvp("node", ["node", "-e", "setInterval(()=>require('net').connect(9,'::1').on('error',()=>{}),25)"]))
    time.sleep(1)
    return g.truth("connection-refused", pid, {})


@scenario("close-wait-leak", "tcp-state")
def close_wait_node(g):
    """a server in node with half-open sockets allowed forgets to end its side; IPv6"""
    pid = g.role("node", lambda: os.execvp("node", ["node", "-e", "require('net').createServer({allowHalfOpen:true},s=>{s.resume();s.on('end',()=>{})}).listen(8440,'::1')"]))
    g.wait(lambda: g.listening(8440))
    def clients():
        for _ in range(120):
            c = socket.create_connection(("::1", 8440))
            c.close()
            time.sleep(0.005)
        forever()
    g.role("probe", clients)
    g.wait(lambda: g.count(8, lport=8440) >= 80)
    return g.truth("close-wait-leak", pid, {})
