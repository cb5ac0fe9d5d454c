"""Life of processes and limits."""
from gym import *
from more_cpu import c_program


def supervised(g, boss, prog, pause=0.3, **kw):
    def go():
        while True:
            os.waitpid(os.posix_spawn(prog, [os.path.basename(prog)], {}), 0)
            time.sleep(pause)
    pid = g.role(boss, go, argv=["/usr/bin/" + boss], **kw)
    time.sleep(1)
    return pid


def crashing(g, cause, boss, prog, **kw):
    pid = supervised(g, boss, prog, **kw)
    t = g.truth(cause, pid, {})
    t["also"] = [{"pid": 0, "comm": os.path.basename(prog)[:15]}]
    return t


@scenario("crash-loop", "process")
def crash_segv(g):
    """a service dies of SIGSEGV half a second after each start"""
    return crashing(g, "crash-loop", "runit", g.cc("geo-index", "#include <unistd.h>\nint main() { usleep(300000); *(volatile int *)0 = 1; }"))


@scenario("crash-loop", "process")
def crash_abort(g):
    """an assertion fails in a thread: abort(), at once after the start, as another user"""
    return crashing(g, "crash-loop", "s6-supervise", g.cc("ledger", r"""
#include <pthread.h>
#include <stdlib.h>
static void *w(void *a) { abort(); }
int main() { pthread_t t; pthread_create(&t, 0, w, 0); pthread_join(t, 0); }
"""), uid=65534)


@scenario("crash-loop", "process")
def crash_worker(g):
    """a pre-fork server whose workers die of a division by zero and are replaced"""
    def boss():
        while True:
            if os.fork() == 0:
                retitle("php-fpm", ["php-fpm: pool www"])
                time.sleep(0.4)
                os.execv(prog, ["php-fpm"])
            os.wait()
    prog = g.cc("php-fpm", "int main(int n, char **v) { volatile int z = 0; return 5 / z; }")
    pid = g.role("php-fpm", boss, argv=["php-fpm: master"])
    time.sleep(1)
    t = g.truth("crash-loop", pid, {})
    t["also"] = [{"pid": 0, "comm": "php-fpm"}]
    return t


@scenario("zombies", "process")
def zombies(g):
    """a parent does not wait for its children: forty of them are zombies"""
    def boss():
        for _ in range(40):
            if os.fork() == 0:
                os._exit(0)
        forever()
    pid = g.role("cron-bridge", boss, argv=["/usr/bin/cron-bridge"])
    g.wait(lambda: sum(g.state(k) == "Z" for k in children(pid)) >= 40)
    return g.truth("zombies", pid, {"zombies": 40})


@scenario("zombies", "process")
def zombies_thread(g):
    """a thread starts programs, nobody in the process waits for them; a few more each second"""
    pid = c_program(g, "job-runner", r"""
#include <pthread.h>
#include <unistd.h>
static void *w(void *a) { for (int i = 0; i < 2000; i++) { if (!fork()) execl("/bin/true", "true", (char *)0); usleep(i < 30 ? 1000 : 200000); } return 0; }
int main() { pthread_t t; pthread_create(&t, 0, w, 0); for (;;) pause(); }
""")
    g.wait(lambda: sum(g.state(k) == "Z" for k in children(pid)) >= 28)
    return g.truth("zombies", pid, {})


@scenario("deleted-executable", "process")
def deleted_exe_renamed(g):
    """an upgrade renames a new executable over the old one; four workers and a setuid service still run the old one"""
    src = "#include <unistd.h>\nint main() { for (int i = 0; i < 3; i++) if (!fork()) break; for (;;) pause(); }"
    path = g.cc("authd", src)
    os.chmod(g.tmp, 0o755)
    pid = g.run(path, uid=65534)
    g.wait(lambda: len(children(pid)) == 3)
    g.cc("authd.new", src)
    os.rename(path + ".new", path)
    g.wait(lambda: os.readlink(f"/proc/{pid}/exe").endswith("(deleted)"))
    return g.truth("deleted-executable", pid, {}, also=children(pid))


@scenario("stopped-process", "blocked")
def stopped_worker(g):
    """one worker of a pre-fork server has been stopped (SIGTSTP); its clients hang"""
    def master():
        s = server(9401)
        for i in range(3):
            if os.fork() == 0:
                retitle("unicorn", ["unicorn: worker"])
                while True:
                    c, _ = s.accept()
                    c.recv(100)
                    c.close()
        forever()
    pid = g.role("unicorn", master, argv=["unicorn: master"])
    g.wait(lambda: len(children(pid)) == 3 and g.listening(9401))
    bad = children(pid)[1]
    os.kill(bad, signal.SIGSTOP)
    g.wait(lambda: g.state(bad) == "T")
    return g.truth("stopped-process", bad, {"state": "T"})


@scenario("frozen-cgroup", "blocked")
def frozen_v1(g):
    """a container has been paused (freezer of version 1) and forgotten"""
    d = g.cgroup("freezer")
    if not os.path.exists(d + "/freezer.state"):
        raise RuntimeError("no freezer of version 1 here")
    g.undo(f"test ! -d {d} || echo THAWED > {d}/freezer.state")
    pid = g.role("jenkins", lambda: echo_server(9402), argv=["java -jar jenkins.war"], cg=[d])
    g.wait(lambda: g.listening(9402))
    write(d + "/freezer.state", "FROZEN")
    g.wait(lambda: "FROZEN" in read(d + "/freezer.state"))
    g.role("browser", http_client, 9402, "127.0.0.1", 0.3)
    time.sleep(0.5)
    return g.truth("frozen-cgroup", pid, {})


@scenario("frozen-cgroup", "blocked")
def frozen_v2(g):
    """a container has been paused (cgroup.freeze of version 2); three processes"""
    d = g.cgroup2()
    g.undo(f"test ! -d {d} || echo 0 > {d}/cgroup.freeze")
    pids = [g.role("runner", http_client, 9999, "127.0.0.1", 0.05, cg=[d]) for _ in range(3)]
    time.sleep(0.3)
    write(d + "/cgroup.freeze", 1)
    g.wait(lambda: "frozen 1" in read(d + "/cgroup.events"))
    return g.truth("frozen-cgroup", pids[0], {}, also=pids[1:])


@scenario("fd-exhausted", "limits")
def fd_sockets(g):
    """a client in C opens sockets and never closes them: socket() fails with EMFILE, in a thread, as another user"""
    g.role("kdc", lambda: echo_server(9403), argv=["/usr/sbin/kdc"])
    g.wait(lambda: g.listening(9403))
    pid = c_program(g, "sso-agent", r"""
#include <pthread.h>
#include <unistd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <netinet/in.h>
static void *w(void *x) { for (;;) { int s = socket(AF_INET, SOCK_STREAM, 0); struct sockaddr_in a = { AF_INET, htons(9403) }; a.sin_addr.s_addr = htonl(0x7f000001);
  if (s < 0) usleep(100000); else connect(s, (void *)&a, sizeof a); } }
int main() { struct rlimit r = { 128, 128 }; setrlimit(RLIMIT_NOFILE, &r); pthread_t t; pthread_create(&t, 0, w, 0); for (;;) pause(); }
""", uid=65534)
    return g.truth("fd-exhausted", pid, {"limit": 128})


@scenario("fd-exhausted", "limits")
def fd_pipes_quiet(g):
    """all descriptors are used up by pipes, and the program tries again every two seconds only"""
    def go():
        import resource
        resource.setrlimit(resource.RLIMIT_NOFILE, (100, 100))
        keep = []
        while True:
            try:
                keep.append(os.pipe())
            except OSError:
                time.sleep(2)
    pid = g.role("pdf-batch", go, argv=["/srv/pdf-batch"])
    g.wait(lambda: len(os.listdir(f"/proc/{pid}/fd")) >= 98)
    return g.truth("fd-exhausted", pid, {"limit": 100})


@scenario("pids-limit", "limits")
def pids_limit_fork(g):
    """a container may have twenty processes: fork fails with EAGAIN"""
    d = g.cgroup("pids")
    write(d + "/pids.max", 20)
    def go():
        while True:
            try:
                if os.fork() == 0:
                    forever()
            except OSError:
                time.sleep(0.2)
    pid = g.role("ci-agent", go, argv=["/usr/bin/ci-agent"], cg=[d])
    g.wait(lambda: len(children(pid)) >= 19)
    time.sleep(0.5)
    return g.truth("pids-limit", pid, {"limit": 20})


@scenario("pids-limit", "limits")
def pids_limit_threads(g):
    """threads count as well: pthread_create fails in a container that may have thirty"""
    d = g.cgroup("pids")
    write(d + "/pids.max", 30)
    pid = c_program(g, "tomcat", r"""
#include <pthread.h>
#include <unistd.h>
static void *w(void *a) { for (;;) pause(); }
int main() { pthread_t t; for (;;) if (pthread_create(&t, 0, w, 0)) usleep(200000); }
""", cg=[d])
    return g.truth("pids-limit", pid, {"limit": 30})


@scenario("nproc-limit", "limits")
def nproc_limit(g):
    """a user may have fifteen processes (ulimit -u): fork fails with EAGAIN"""
    def go():
        import resource
        resource.setrlimit(resource.RLIMIT_NPROC, (15, 15))
        while True:
            try:
                if os.fork() == 0:
                    forever()
            except OSError:
                time.sleep(0.2)
    pid = g.role("build-farm", go, argv=["/srv/build-farm"], uid=41237)
    g.wait(lambda: len(children(pid)) >= 13)
    time.sleep(0.5)
    return g.truth("nproc-limit", pid, {"limit": 15})


@scenario("nproc-limit", "limits")
def nproc_limit_threads(g):
    """threads until the limit of the user is reached"""
    pid = c_program(g, "crawler", r"""
#include <pthread.h>
#include <unistd.h>
#include <sys/resource.h>
static void *w(void *a) { for (;;) pause(); }
int main() { struct rlimit r = { 25, 25 }; setrlimit(RLIMIT_NPROC, &r); pthread_t t; for (;;) if (pthread_create(&t, 0, w, 0)) usleep(200000); }
""", uid=41238)
    return g.truth("nproc-limit", pid, {"limit": 25})
