"""Who waits, and for whom."""
from gym import *
from more_cpu import c_program


@scenario("pipe-full", "blocked")
def pipe_full(g):
    """a report writes into a pipe whose reader sleeps"""
    def boss():
        r, w = os.pipe()
        if os.fork() == 0:
            retitle("mailx", ["mailx", "-s", "report"])
            os.close(w)
            os.read(r, 10)
            forever()
        os.close(r)
        while True:
            os.write(w, b"line\n" * 100)
    pid = g.role("report.sh", boss, argv=["/bin/sh", "report.sh"])
    kid = g.wait(lambda: next((k for k in children(pid) if g.comm(k) == "mailx"), 0))
    g.wait(lambda: "pipe_w" in read(f"/proc/{pid}/wchan"))
    time.sleep(0.3)
    return g.truth("pipe-full", kid, {}, victim=pid)


@scenario("pipe-full", "blocked")
def pipe_full_thread(g):
    """a logging thread of a C program waits for the pipe of its log program, which hangs; the other threads work on"""
    logger = g.cc("log-filter", "#include <unistd.h>\nint main() { char b[64]; read(0, b, 64); for (;;) pause(); }")
    pid = c_program(g, "payments", r"""
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>
#include <fcntl.h>
static int p[2];
static void *log_(void *a) { for (;;) write(p[1], "payment accepted, id 4711, amount 12.00 EUR, merchant 0815\n", 59); }
static void *work(void *a) { int f = open("/dev/null", O_WRONLY); for (;;) { write(f, "x", 1); usleep(20000); } }
int main(int n, char **v) { pipe(p); if (!fork()) { dup2(p[0], 0); close(p[0]); close(p[1]); execl(v[1], "log-filter", (char *)0); }
  close(p[0]); pthread_t t; pthread_create(&t, 0, log_, 0); pthread_create(&t, 0, work, 0); for (;;) pause(); }
""", logger)
    kid = g.wait(lambda: next((k for k in children(pid) if g.comm(k) == "log-filter"), 0))
    time.sleep(0.5)
    return g.truth("pipe-full", kid, {}, victim=pid)


@scenario("pipe-full", "blocked")
def fifo_full(g):
    """a named pipe, two writers, a reader that has it open and does not read"""
    path = g.tmp + "/events.fifo"
    os.mkfifo(path)
    def reader():
        os.open(path, os.O_RDONLY)
        forever()
    def writer():
        fd = os.open(path, os.O_WRONLY)
        while True:
            os.write(fd, b"event\n" * 50)
    pid = g.role("collector", reader, argv=["/usr/bin/collector"])
    w = [g.role("emit", writer, argv=["/usr/bin/emit"]) for _ in range(2)]
    g.wait(lambda: all("pipe_w" in read(f"/proc/{p}/wchan") for p in w))
    time.sleep(0.3)
    return g.truth("pipe-full", pid, {}, victim=w[0])


def lock_waiters(g, name, path, take, n=2):
    def wait():
        fd = os.open(path, os.O_RDWR)
        take(fd)
        forever()
    before = read("/proc/locks").count("->")
    w = [g.role(name, wait, argv=["/usr/bin/" + name]) for _ in range(n)]
    g.wait(lambda: read("/proc/locks").count("->") >= before + n)
    time.sleep(0.3)
    return w


@scenario("file-lock-wait", "blocked")
def fcntl_wait(g):
    """a lock of fcntl (POSIX), as databases use it"""
    path = g.tmp + "/main.db"
    write(path, "x" * 100)
    def hold():
        fd = os.open(path, os.O_RDWR)
        fcntl.lockf(fd, fcntl.LOCK_EX, 10)
        forever()
    pid = g.role("db-vacuum", hold, argv=["/usr/bin/db-vacuum"])
    g.wait(lambda: f" {pid} " in read("/proc/locks"))
    w = lock_waiters(g, "db-client", path, lambda fd: fcntl.lockf(fd, fcntl.LOCK_EX, 10))
    return g.truth("file-lock-wait", pid, {"file": path}, victim=w[0])


@scenario("file-lock-wait", "blocked")
def ofd_wait(g):
    """a lock of an open file description: /proc/locks does not say whose it is"""
    path = g.tmp + "/vm.lock"
    write(path, "x" * 100)
    take = lambda cmd: lambda fd: fcntl.fcntl(fd, cmd, struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, 0, 0, 0))
    def hold():
        take(37)(os.open(path, os.O_RDWR))
        forever()
    pid = g.role("qemu-img", hold, argv=["qemu-img convert"])
    g.wait(lambda: "OFDLCK" in read("/proc/locks"))
    w = lock_waiters(g, "qemu-nbd", path, take(38))
    return g.truth("file-lock-wait", pid, {"file": path}, victim=w[0])


@scenario("file-lock-wait", "blocked")
def flock_inherited(g):
    """who took the lock has ended; a child that inherited the descriptor keeps it locked"""
    path = g.tmp + "/deploy.lock"
    write(path, "")
    def hold():
        fd = os.open(path, os.O_RDWR)
        fcntl.flock(fd, fcntl.LOCK_EX)
        if os.fork() == 0:
            os.setsid()
            retitle("ssh-agent", ["ssh-agent"])
            forever()
        time.sleep(0.3)
        os._exit(0)
    p = g.role("deploy.sh", hold, argv=["/bin/sh", "deploy.sh"])
    os.waitpid(p, 0)
    kid = g.wait(lambda: next((k for k in children(g.me) if g.comm(k) == "ssh-agent"), 0))
    w = lock_waiters(g, "deploy-next", path, lambda fd: fcntl.flock(fd, fcntl.LOCK_EX))
    return g.truth("file-lock-wait", kid, {"file": path}, victim=w[0])


@scenario("file-lock-wait", "blocked")
def flock_threads(g):
    """a thread of a C service waits for a lock that a setuid program holds; its other threads go on"""
    path = g.tmp + "/spool.lock"
    write(path, "")
    os.chmod(path, 0o666)
    os.chmod(g.tmp, 0o755)
    def hold():
        fd = os.open(path, os.O_RDWR)
        fcntl.flock(fd, fcntl.LOCK_SH)
        forever()
    pid = g.role("lpq", hold, argv=["/usr/bin/lpq"], uid=65534)
    g.wait(lambda: f" {pid} " in read("/proc/locks"))
    w = g.run(g.cc("lpd", r"""
#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>
#include <sys/file.h>
static char *p;
static void *w(void *a) { flock(open(p, O_RDWR), LOCK_EX); for (;;) pause(); }
int main(int n, char **v) { p = v[1]; pthread_t t; pthread_create(&t, 0, w, 0); for (;;) usleep(50000); }
"""), path)
    g.wait(lambda: read("/proc/locks").count("->") >= 1)
    time.sleep(0.3)
    return g.truth("file-lock-wait", pid, {"file": path}, victim=w)


def fuse_mount(g, name, daemon, n=3, source=None):
    """a filesystem in user space by hand: the daemon answers the first request (INIT) and nothing else"""
    d = f"{g.tmp}/{name}"
    os.makedirs(d)
    fd = os.open("/dev/fuse", os.O_RDWR)
    mount(name, d, "fuse", 0, f"fd={fd},rootmode=40000,user_id=0,group_id=0")
    def serve():
        q = os.read(fd, 1 << 20)
        unique = struct.unpack("<Q", q[8:16])[0]
        init = struct.pack("<IIIIHHIIHHIIHH6I", 7, 31, 65536, 0, 12, 9, 65536, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)[:64]
        os.write(fd, struct.pack("<IiQ", 16 + 64, 0, unique) + init.ljust(64, b"\0"))
        while True:
            time.sleep(3600)
    pid = g.role(daemon, serve, keep=(fd,), argv=["/usr/bin/" + daemon])
    os.close(fd)
    time.sleep(0.5)
    return d, pid


@scenario("fuse-not-answering", "blocked")
def fuse_hangs(g):
    """a filesystem in user space does not answer: three programs that look at it hang"""
    d, pid = fuse_mount(g, "bucket", "s3-mount")
    w = [g.role("thumbs", lambda: os.stat(d + "/photos"), argv=["/srv/thumbs"]) for _ in range(3)]
    g.wait(lambda: any("request_wait" in read(f"/proc/{p}/wchan") for p in w))
    time.sleep(0.5)
    return g.truth("fuse-not-answering", pid, {"mount": d}, victim=w[0], accept=[])


@scenario("fuse-not-answering", "blocked")
def fuse_hangs_thread(g):
    """one thread of a C program hangs in a filesystem in user space, the others work"""
    d, pid = fuse_mount(g, "media", "rclone")
    w = g.run(g.cc("transcoder", r"""
#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>
static char *p;
static void *w(void *a) { open(p, O_RDONLY); for (;;) pause(); }
int main(int n, char **v) { p = v[1]; pthread_t t; pthread_create(&t, 0, w, 0); for (;;) usleep(20000); }
"""), d + "/clip.mp4")
    time.sleep(1)
    return g.truth("fuse-not-answering", pid, {"mount": d}, victim=w)


@scenario("blocked-in-kernel", "blocked")
def d_state_thread(g):
    """a thread of a program writes to a frozen filesystem; the program itself looks healthy"""
    import d_state
    return d_state.setup(g, g.cc("mail-store", r"""
#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>
static char *p;
static void *w(void *a) { usleep(500000); int f = open(p, O_CREAT | O_WRONLY, 0600); for (;;) { write(f, p, 10); usleep(50000); } }
int main(int n, char **v) { p = v[1]; pthread_t t; pthread_create(&t, 0, w, 0); for (;;) usleep(50000); }
"""))
