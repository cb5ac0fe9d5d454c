"""Processors and system calls: causes without a scenario of their own, and other ways to the others."""
from gym import *


def c_program(g, name, source, *args, settle=0.5, **kw):
    pid = g.run(g.cc(name, source), *args, **kw)
    g.wait(lambda: g.comm(pid) == name[:15])
    time.sleep(settle)
    return pid


@scenario("busy-poll", "cpu")
def poll_zero(g):
    """poll with a time limit of 0 in a loop"""
    pid = c_program(g, "md-gateway", "#include <poll.h>\n#include <unistd.h>\nint main() { int p[2]; pipe(p); struct pollfd f = { p[0], POLLIN }; for (;;) poll(&f, 1, 0); }")
    return g.truth("busy-poll", pid, {})


@scenario("busy-poll", "cpu")
def epoll_zero_thread(g):
    """one thread of ten polls with epoll_wait(0), as programs do that were written for a processor of their own"""
    pid = c_program(g, "game-server", r"""
#include <pthread.h>
#include <sys/epoll.h>
#include <unistd.h>
static void *idle(void *a) { for (;;) sleep(1); }
static void *hot(void *a) { int e = epoll_create1(0), p[2]; pipe(p); struct epoll_event v = { EPOLLIN }; epoll_ctl(e, EPOLL_CTL_ADD, p[0], &v);
  for (;;) epoll_wait(e, &v, 1, 0); }
int main() { pthread_t t; for (int i = 0; i < 10; i++) pthread_create(&t, 0, i == 4 ? hot : idle, 0); for (;;) pause(); }
""")
    return g.truth("busy-poll", pid, {})


@scenario("busy-poll", "cpu")
def select_zero(g):
    """select in python with no time to wait"""
    def go():
        r, w = os.pipe()
        while True:
            select.select([r], [], [], 0)
    pid = g.role("sensor-loop", go, argv=["python3 sensor-loop.py"])
    time.sleep(0.5)
    return g.truth("busy-poll", pid, {})


@scenario("busy-poll", "cpu")
def accept_spin(g):
    """a non-blocking listener whose owner calls accept in a loop"""
    def go():
        s = server(9301)
        s.setblocking(False)
        while True:
            try:
                s.accept()
            except BlockingIOError:
                pass
    pid = g.role("acceptor", go, argv=["/srv/acceptor"])
    g.wait(lambda: g.listening(9301))
    time.sleep(0.3)
    return g.truth("busy-poll", pid, {})


@scenario("busy-poll", "cpu")
def pipe_spin(g):
    """a non-blocking read of an empty pipe in a loop (C), setuid"""
    pid = c_program(g, "stdin-watch", "#define _GNU_SOURCE\n#include <fcntl.h>\n#include <unistd.h>\nint main() { int p[2]; char b[8]; pipe2(p, O_NONBLOCK); for (;;) read(p[0], b, 8); }", uid=65534)
    return g.truth("busy-poll", pid, {})


@scenario("busy-poll", "cpu")
def udp_spin(g):
    """recvmsg of UDP with MSG_DONTWAIT in a loop"""
    pid = c_program(g, "rtp-mixer", r"""
#include <sys/socket.h>
#include <netinet/in.h>
int main() { int s = socket(AF_INET, SOCK_DGRAM, 0); struct sockaddr_in a = { AF_INET, htons(5004) }; bind(s, (void *)&a, sizeof a); char b[64];
  struct iovec v = { b, 64 }; struct msghdr m = { .msg_iov = &v, .msg_iovlen = 1 }; for (;;) recvmsg(s, &m, MSG_DONTWAIT); }
""")
    return g.truth("busy-poll", pid, {})


@scenario("lock-contention", "cpu")
def rwlock_contention(g):
    """readers and writers of one rwlock, six threads"""
    pid = c_program(g, "route-table", r"""
#define _GNU_SOURCE
#include <pthread.h>
#include <unistd.h>
static pthread_rwlock_t l = PTHREAD_RWLOCK_INITIALIZER; static volatile long n;
static void *w(void *a) { for (long k = 0;; k++) { if ((k + (long)a) % 2) pthread_rwlock_wrlock(&l); else pthread_rwlock_rdlock(&l);
  for (int i = 0; i < 40; i++) n++; pthread_rwlock_unlock(&l); } }
int main() { pthread_t t; for (long i = 0; i < 6; i++) pthread_create(&t, 0, w, (void *)i); for (;;) pause(); }
""")
    return g.truth("lock-contention", pid, {"threads": 6})


@scenario("lock-contention", "cpu")
def condvar_contention(g):
    """sixteen threads woken all at once for one job each time (a thundering herd on a condition variable)"""
    pid = c_program(g, "job-pool", r"""
#include <pthread.h>
#include <unistd.h>
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER; static pthread_cond_t c = PTHREAD_COND_INITIALIZER; static int jobs; static volatile long n;
static void *w(void *a) { pthread_mutex_lock(&m); for (;;) { while (!jobs) pthread_cond_wait(&c, &m); jobs--; pthread_mutex_unlock(&m);
  for (int i = 0; i < 500; i++) n++; pthread_mutex_lock(&m); } }
static void *p(void *a) { for (;;) { pthread_mutex_lock(&m); jobs++; pthread_cond_broadcast(&c); pthread_mutex_unlock(&m); } }
int main() { pthread_t t; for (int i = 0; i < 16; i++) pthread_create(&t, 0, w, 0); for (int i = 0; i < 2; i++) pthread_create(&t, 0, p, 0); for (;;) pause(); }
""")
    return g.truth("lock-contention", pid, {"threads": 18})


@scenario("lock-contention", "cpu")
def shared_mutex_processes(g):
    """processes, not threads, fight for a mutex in shared memory"""
    def boss():
        os.execv(prog, ["shm-cache"])
    prog = g.cc("shm-cache", r"""
#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>
int main() { struct { pthread_mutex_t m; volatile long n; } *s = mmap(0, 4096, 3, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  pthread_mutexattr_t a; pthread_mutexattr_init(&a); pthread_mutexattr_setpshared(&a, 1); pthread_mutex_init(&s->m, &a);
  for (int i = 0; i < 5; i++) fork();
  for (;;) { pthread_mutex_lock(&s->m); for (int i = 0; i < 200; i++) s->n++; pthread_mutex_unlock(&s->m); } }
""".replace("i < 5", "i < 3"))
    pid = g.role("shm-cache", boss)
    time.sleep(1)
    return g.truth("lock-contention", pid, {}, also=children(pid))


@scenario("tiny-io", "calls")
def tiny_writes(g):
    """a program writes one character a call into a file (C without a buffer)"""
    pid = c_program(g, "csv-export", r"""
#include <fcntl.h>
#include <unistd.h>
int main(int n, char **v) { int f = open(v[1], O_CREAT | O_RDWR, 0600); for (long i = 0;; i++) { write(f, "x", 1); if (i % 100000 == 0) lseek(f, 0, 0); } }
""", g.tmp + "/out.csv")
    return g.truth("tiny-io", pid, {})


@scenario("tiny-io", "calls")
def tiny_pipe(g):
    """two threads hand single bytes through a pipe"""
    pid = c_program(g, "tokenizer", r"""
#include <pthread.h>
#include <unistd.h>
static int p[2];
static void *w(void *a) { for (;;) write(p[1], "x", 1); }
int main() { pipe(p); pthread_t t; pthread_create(&t, 0, w, 0); char c; for (;;) read(p[0], &c, 1); }
""")
    return g.truth("tiny-io", pid, {})


@scenario("tiny-io", "calls")
def tiny_recv(g):
    """a line reader receives its connection byte by byte with recv()"""
    def feed():
        s = server(9302)
        c, _ = s.accept()
        while True:
            c.send(b"k=v\n" * 4096)
    g.role("feed", feed)
    g.wait(lambda: g.listening(9302))
    pid = c_program(g, "line-reader", r"""
#include <sys/socket.h>
#include <netinet/in.h>
int main() { int s = socket(AF_INET, SOCK_STREAM, 0); struct sockaddr_in a = { AF_INET, htons(9302) }; a.sin_addr.s_addr = htonl(0x7f000001);
  connect(s, (void *)&a, sizeof a); char c; for (;;) recv(s, &c, 1, 0); }
""")
    return g.truth("tiny-io", pid, {})


@scenario("enoent-storm", "calls")
def enoent_storm(g):
    """a program looks through twenty folders for a file that is in none of them, again and again"""
    def go():
        while True:
            for i in range(20):
                os.path.exists(f"/opt/app/plugins/{i}/theme.css")
    pid = g.role("theme-loader", go, argv=["/usr/bin/theme-loader"])
    time.sleep(0.5)
    return g.truth("enoent-storm", pid, {})


@scenario("enoent-storm", "calls")
def enoent_open_threads(g):
    """four threads in C poll for flag files with open and access"""
    pid = c_program(g, "flag-watch", r"""
#include <pthread.h>
#include <fcntl.h>
#include <unistd.h>
static void *w(void *a) { for (;;) { open("/var/run/app/reload.flag", O_RDONLY); access("/var/run/app/stop.flag", F_OK); usleep(500); } }
int main() { pthread_t t; for (int i = 0; i < 4; i++) pthread_create(&t, 0, w, 0); for (;;) pause(); }
""")
    return g.truth("enoent-storm", pid, {})


@scenario("wakeup-storm", "calls")
def wakeup_nanosleep(g):
    """usleep(20) in a loop: ten thousand wake-ups a second and more, for nothing"""
    pid = c_program(g, "gpio-poll", "#include <sys/prctl.h>\n#include <unistd.h>\nint main() { prctl(PR_SET_TIMERSLACK, 1); for (;;) usleep(20); }")
    return g.truth("wakeup-storm", pid, {})


@scenario("wakeup-storm", "calls")
def wakeup_timerfd(g):
    """a timerfd of 50 microseconds, waited for with epoll"""
    pid = c_program(g, "ticker", r"""
#include <sys/timerfd.h>
#include <sys/epoll.h>
#include <unistd.h>
int main() { int t = timerfd_create(CLOCK_MONOTONIC, 0), e = epoll_create1(0); struct itimerspec s = { { 0, 50000 }, { 0, 50000 } }; timerfd_settime(t, 0, &s, 0);
  struct epoll_event v = { EPOLLIN }; epoll_ctl(e, EPOLL_CTL_ADD, t, &v); long n; for (;;) { epoll_wait(e, &v, 1, -1); read(t, &n, 8); } }
""")
    return g.truth("wakeup-storm", pid, {})


@scenario("wakeup-storm", "calls")
def wakeup_threads(g):
    """a thread of several sleeps for 30 microseconds at a time with clock_nanosleep"""
    pid = c_program(g, "audio-mixer", r"""
#include <pthread.h>
#include <time.h>
#include <unistd.h>
#include <sys/prctl.h>
static void *w(void *a) { prctl(PR_SET_TIMERSLACK, 1); struct timespec t = { 0, 30000 }; for (;;) clock_nanosleep(CLOCK_MONOTONIC, 0, &t, 0); }
int main() { pthread_t t; pthread_create(&t, 0, w, 0); for (;;) pause(); }
""")
    return g.truth("wakeup-storm", pid, {})


@scenario("fork-storm", "calls")
def fork_storm_shell(g):
    """a shell loop over a file starts two programs for every line"""
    write(g.tmp + "/sync.sh", "while :; do x=$(/bin/echo a | /bin/cat); done\n")
    pid = g.role("sync.sh", lambda: os.execv("/bin/sh", ["/bin/sh", g.tmp + "/sync.sh"]))
    time.sleep(1)
    return g.truth("fork-storm", pid, {})


@scenario("fork-storm", "calls")
def fork_storm_c(g):
    """a server forks for every request and the child ends without an exec; it ignores SIGCHLD"""
    pid = c_program(g, "inetd-like", r"""
#include <signal.h>
#include <unistd.h>
int main() { signal(SIGCHLD, SIG_IGN); for (;;) { if (!fork()) _exit(0); usleep(5000); } }
""")
    return g.truth("fork-storm", pid, {})


@scenario("cpu-hog", "cpu")
def cpu_hog_regex(g):
    """a process of one thread loops without a system call (python)"""
    def go():
        n = 1
        while True:
            n = n * 1103515245 + 12345 & 0x7fffffff
    pid = g.role("tax-calc", go, argv=["/srv/tax-calc"])
    time.sleep(0.5)
    return g.truth("cpu-hog", pid, {}, accept=["cpu-hog-thread"])


@scenario("cpu-hog", "cpu")
def cpu_hog_vdso(g):
    """a thread waits for a time by asking for it over and over (no system call: the vdso answers), setuid"""
    pid = c_program(g, "rate-limiter", r"""
#include <pthread.h>
#include <time.h>
#include <unistd.h>
static void *w(void *a) { struct timespec t; for (;;) clock_gettime(CLOCK_MONOTONIC, &t); }
static void *idle(void *a) { for (;;) sleep(1); }
int main() { pthread_t t; pthread_create(&t, 0, w, 0); for (int i = 0; i < 5; i++) pthread_create(&t, 0, idle, 0); for (;;) pause(); }
""", uid=65534)
    return g.truth("cpu-hog", pid, {}, accept=["cpu-hog-thread", "busy-poll"])


@scenario("cpu-hog", "cpu")
def cpu_hog_yield(g):
    """a spin lock whose holder is gone: sched_yield in a loop"""
    pid = c_program(g, "spin-queue", "#include <sched.h>\nint main() { for (;;) sched_yield(); }")
    return g.truth("cpu-hog", pid, {}, accept=["busy-poll"])


@scenario("cpu-throttled", "cpu")
def cpu_throttled_threads(g):
    """four threads of a container with half a processor that work in bursts"""
    d = g.cgroup("cpu")
    if os.path.exists(d + "/cpu.max"):
        write(d + "/cpu.max", "50000 100000")
    else:
        write(d + "/cpu.cfs_period_us", 100000)
        write(d + "/cpu.cfs_quota_us", 20000)
    pid = g.run(g.cc("thumbs", r"""
#include <pthread.h>
#include <unistd.h>
static volatile long x;
static void *w(void *a) { for (;;) { for (long i = 0; i < 30000000; i++) x++; usleep(20000); } }
int main() { pthread_t t; for (int i = 0; i < 4; i++) pthread_create(&t, 0, w, 0); for (;;) pause(); }
"""), cg=[d])
    n = lambda: int(read(d + "/cpu.stat").split("nr_throttled ")[1].split()[0])
    g.wait(lambda: n() >= 8)
    return g.truth("cpu-throttled", pid, {"throttled": n()})


@scenario("wakeup-storm", "calls")
def wakeup_condition(g):
    """a worker waits on a condition variable for 40 microseconds at a time"""
    pid = c_program(g, "batch-writer", r"""
#include <pthread.h>
#include <time.h>
#include <unistd.h>
#include <sys/prctl.h>
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER; static pthread_cond_t c = PTHREAD_COND_INITIALIZER;
static void *w(void *a) { prctl(PR_SET_TIMERSLACK, 1); pthread_mutex_lock(&m); for (;;) { struct timespec t; clock_gettime(CLOCK_REALTIME, &t);
  t.tv_nsec += 40000; if (t.tv_nsec >= 1000000000) { t.tv_nsec -= 1000000000; t.tv_sec++; } pthread_cond_timedwait(&c, &m, &t); } }
int main() { pthread_t t; pthread_create(&t, 0, w, 0); for (;;) pause(); }
""")
    return g.truth("wakeup-storm", pid, {})


@scenario("wakeup-storm", "calls")
def wakeup_poll(g):
    """ppoll with a limit of 50 microseconds in a loop: each ends without anything"""
    pid = c_program(g, "dpdk-like", r"""
#define _GNU_SOURCE
#include <poll.h>
#include <unistd.h>
#include <sys/prctl.h>
int main() { prctl(PR_SET_TIMERSLACK, 1); int p[2]; pipe(p); struct pollfd f = { p[0], POLLIN }; struct timespec t = { 0, 50000 }; for (;;) ppoll(&f, 1, &t, 0); }
""")
    return g.truth("wakeup-storm", pid, {}, accept=["busy-poll"])
