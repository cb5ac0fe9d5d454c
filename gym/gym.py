"""What every scenario of the gym shares: namespaces, roles (forked processes with a name of their own), waiting,
measuring, cleaning up. python3 stdlib only."""
import ctypes, errno, fcntl, glob, json, mmap, os, resource, select, shutil, signal, socket, struct, subprocess, sys, tempfile, threading, time, traceback

libc = ctypes.CDLL(None, use_errno=True)
NEWNS, NEWNET, NEWPID, NEWUSER = 0x20000, 0x40000000, 0x20000000, 0x10000000
HERE = os.path.dirname(os.path.abspath(__file__))
OWN = {}


def scenario(cause, family, kind="incident"):
    """the setup function of a scenario, named like it; its docstring says what happens"""
    def keep(setup):
        OWN[setup.__name__] = {"name": setup.__name__, "kind": kind, "family": family, "cause": cause,
                               "what": " ".join(setup.__doc__.split()), "setup": setup}
        return setup
    return keep


def healthy(setup):
    return scenario("healthy", "healthy", "healthy")(setup)


def catalog():
    """every scenario by name: files of scenarios/ with a line in gym.json, and functions of scenarios/more_*.py"""
    import importlib
    if f"{HERE}/scenarios" not in sys.path:
        sys.path[:0] = [HERE, f"{HERE}/scenarios"]
    for path in sorted(glob.glob(f"{HERE}/scenarios/more_*.py")):
        importlib.import_module(os.path.basename(path)[:-3])
    every = {s["name"]: s for s in json.load(open(f"{HERE}/gym.json"))["scenarios"]}
    return every | OWN


def setup_of(name):
    import importlib
    return OWN[name]["setup"] if name in OWN else importlib.import_module(name).setup


def unshare(flags):
    if libc.unshare(flags):
        raise OSError(ctypes.get_errno(), "unshare")


def mount(src, dst, kind, flags=0, data=None):
    if libc.mount(src and src.encode(), dst.encode(), kind and kind.encode(), ctypes.c_ulong(flags), data and data.encode()):
        raise OSError(ctypes.get_errno(), "mount " + dst)


def sh(cmd, check=True):
    p = subprocess.run(cmd, shell=True, capture_output=True, text=True, errors="replace")
    if check and p.returncode:
        raise RuntimeError(f"{cmd}: {p.stderr}{p.stdout}")
    return p.stdout


def read(path, default=""):
    try:
        with open(path, errors="replace") as f:
            return f.read()
    except OSError:
        return default


def write(path, text):
    with open(path, "w") as f:
        f.write(str(text))


def retitle(comm, argv):
    """comm and the command line a service of that name would have"""
    libc.prctl(15, comm[:15].encode(), 0, 0, 0)
    # no CAP_SYS_RESOURCE for PR_SET_MM here: written over the old arguments, as setproctitle does
    f = read("/proc/self/stat").rsplit(")", 1)[1].split()
    start, end = int(f[45]), int(f[46])
    title = " ".join(argv).encode()[:end - start - 2]
    ctypes.memset(start, 0, end - start)
    ctypes.memmove(start, title, len(title))
    ctypes.memset(end - 1, 1, 1)                        # "not the end": the kernel then stops at the first NUL


def children(root):
    """every living descendant of root"""
    kids = {}
    for d in os.listdir("/proc"):
        if d.isdigit():
            s = read(f"/proc/{d}/stat")
            if s:
                kids.setdefault(int(s.rsplit(")", 1)[1].split()[1]), []).append(int(d))
    out, todo = [], [root]
    while todo:
        for k in kids.get(todo.pop(), []):
            out.append(k)
            todo.append(k)
    return out


class Gym:
    def __init__(self, name, hold, where="net", debug=False):
        self.name, self.hold, self.where, self.debug = name, hold, where, debug
        self.me = os.getpid()
        self.tmp = tempfile.mkdtemp(prefix="svc-")
        os.chmod(self.tmp, 0o755)                       # roles of other users run programs in it
        self.kids, self.bin = [], {}
        libc.prctl(36, 1, 0, 0, 0)                      # orphans come to us
        r, self.guard_w = os.pipe()
        self.guard = os.fork()
        if self.guard == 0:
            self._guard(r)
        os.close(r)
        self.undo(f"rm -rf {self.tmp}")
        flags = NEWNS | (0 if where == "host" else NEWNET)
        unshare(flags)
        mount(None, "/", None, 0x4000 | 0x40000)        # MS_REC | MS_PRIVATE
        if where == "box":
            mount("proc", "/proc", "proc")
        if where != "host":
            sh("ip link set lo up")

    # --- cleaning up: one process that outlives us whatever happens, and does what undo() asked for, last first
    def _guard(self, r):
        os.setsid()
        os.close(self.guard_w)
        for s in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(s, signal.SIG_IGN)
        libc.prctl(15, b"gym-guard", 0, 0, 0)
        data = b""
        while True:
            b = os.read(r, 65536)
            if not b:
                break
            data += b
        for cmd in reversed(data.decode().split("\n")):
            if cmd:
                for _ in range(20):
                    if subprocess.run(cmd, shell=True, capture_output=True).returncode == 0:
                        break
                    time.sleep(0.1)
        os._exit(0)

    def undo(self, cmd):
        """a shell command (idempotent, status 0 when done) for the end; runs even after SIGKILL of the runner"""
        os.write(self.guard_w, (cmd + "\n").encode())

    def close(self):
        for s in (signal.SIGTERM, signal.SIGINT):
            signal.signal(s, signal.SIG_IGN)
        for _ in range(3):
            for pid in children(self.me):
                if pid != self.guard:
                    for s in (signal.SIGKILL, signal.SIGCONT):
                        try:
                            os.kill(pid, s)
                        except OSError:
                            pass
            time.sleep(0.02)
        os.close(self.guard_w)
        end = time.time() + 10
        while time.time() < end:
            try:
                if os.waitpid(-1, os.WNOHANG) == (0, 0):
                    time.sleep(0.02)
            except ChildProcessError:
                break

    # --- actors
    def role(self, comm, fn, *args, argv=None, uid=0, cg=(), keep=(), ns=0, pdeath=True):
        """forks; the child is called comm, has no descriptor but 0-2 and keep, ends with us, and runs fn(*args)"""
        pid = os.fork()
        if pid:
            self.kids.append(pid)
            return pid
        try:
            for s in (signal.SIGTERM, signal.SIGINT):
                signal.signal(s, signal.SIG_DFL)
            signal.alarm(int(self.hold + 90))
            os.setsid()
            null = os.open("/dev/null", os.O_RDWR)
            os.dup2(null, 0)
            os.dup2(null, 1)
            if not self.debug:
                os.dup2(null, 2)
            keep = set(keep) | {0, 1, 2}
            for fd in map(int, os.listdir("/proc/self/fd")):
                if fd not in keep:
                    try:
                        os.close(fd)
                    except OSError:
                        pass
            retitle(comm, argv or [comm])
            for d in cg:
                write(d + "/cgroup.procs", os.getpid())
            if ns:
                unshare(ns)
            if uid:
                os.setgroups([])
                os.setgid(uid)
                os.setuid(uid)
            if pdeath:
                libc.prctl(1, signal.SIGKILL, 0, 0, 0)
            fn(*args)
        except BaseException:
            if self.debug:
                traceback.print_exc()
        finally:
            os._exit(1)

    def cc(self, name, source, libs="-lpthread"):
        """a C program, built into the scratch folder; returns its path (its file name becomes its comm)"""
        path = f"{self.tmp}/{name}"
        p = subprocess.run(["gcc", "-O1", "-g", "-x", "c", "-o", path, "-", *libs.split()], input=source, text=True, capture_output=True)
        if p.returncode:
            raise RuntimeError(p.stderr)
        return path

    def run(self, path, *args, **kw):
        """a role that executes a program"""
        return self.role(os.path.basename(path), lambda: os.execv(path, [os.path.basename(path), *map(str, args)]), **kw)

    def sysctl(self, path, value):
        """a setting of the incident's own network namespace; those of the machine are nobody's to try with"""
        if self.where == "host":
            raise RuntimeError(f"needs a network namespace of its own: it changes {path}")
        write("/proc/sys/" + path, value)

    def cgroup2(self):
        """a group of version 2, also where its controllers belong to version 1"""
        for base in ("/sys/fs/cgroup", "/sys/fs/cgroup/unified"):
            if os.path.exists(base + "/cgroup.controllers"):
                return self._cgroup(f"{base}/svc-{self.me}-unified")
        raise RuntimeError("no cgroup2 here")

    def cgroup(self, controller):
        for base in (f"/sys/fs/cgroup/{controller}", "/sys/fs/cgroup", "/sys/fs/cgroup/unified"):
            if controller in read(base + "/cgroup.controllers").split() or (base.endswith(controller) and os.path.isdir(base)):
                return self._cgroup(f"{base}/svc-{self.me}-{controller}")
        raise RuntimeError(f"no cgroup controller {controller} here")

    def _cgroup(self, d):
        os.makedirs(d, exist_ok=True)
        self.undo(f"for p in $(cat {d}/cgroup.procs 2>/dev/null); do kill -9 $p; done; test ! -d {d} || rmdir {d}")
        return d

    # --- waiting and measuring
    def wait(self, cond, timeout=15, what="in force"):
        end = time.time() + timeout
        while time.time() < end:
            try:
                v = cond()
                if v:
                    return v
            except OSError:
                pass
            time.sleep(0.05)
        raise RuntimeError(f"{self.name}: not {what} after {timeout} s")

    def tcp(self, pid="self"):
        rows = []
        for line in read(f"/proc/{pid}/net/tcp").splitlines()[1:] + read(f"/proc/{pid}/net/tcp6").splitlines()[1:]:
            f = line.split()
            tx, rx = f[4].split(":")
            rows.append(dict(lip=f[1][:-5], lport=int(f[1][-4:], 16), rport=int(f[2][-4:], 16), st=int(f[3], 16),
                             tx=int(tx, 16), rx=int(rx, 16), timer=int(f[5][:2], 16), inode=int(f[9])))
        return rows

    def count(self, st, lport=None, rport=None, pid="self"):
        return sum(r["st"] == st and lport in (None, r["lport"]) and rport in (None, r["rport"]) for r in self.tcp(pid))

    def listening(self, port):
        return self.count(10, port)

    def counter(self, name, pid="self"):
        for f in ("netstat", "snmp"):
            lines = read(f"/proc/{pid}/net/{f}").splitlines()
            for h, v in zip(lines[::2], lines[1::2]):
                d = dict(zip(h.split()[1:], v.split()[1:]))
                if h.split(":")[0] + name in (h.split(":")[0] + k for k in d):
                    return int(d[name])
        return 0

    def state(self, pid):
        s = read(f"/proc/{pid}/stat")
        return s.rsplit(")", 1)[1].split()[0] if s else ""

    def comm(self, pid):
        return read(f"/proc/{pid}/comm").strip()

    def who(self, pid):
        return {"pid": pid, "comm": self.comm(pid)}

    def truth(self, cause, culprit, facts=None, victim=None, also=(), accept=(), more=()):
        """culprit: who is to be named; also: pids that are right too; accept: causes that are right too;
        more: further (cause, pid) that are true at the same time"""
        t = {"name": self.name, "culprit": self.who(culprit) if culprit else None, "cause": cause, "facts": facts or {}}
        if victim:
            t["victim"] = self.who(victim)
        if also:
            t["also"] = [self.who(p) for p in also]
        if accept:
            t["accept"] = list(accept)
        if more:
            t["more"] = [{"cause": c, "culprit": self.who(p)} for c, p in more]
        return t

    def blackhole(self):
        """10.77.0.1/16 on a device whose other end hears nothing: its other addresses never answer"""
        sh("ip link add eth9 type veth peer name eth9p && ip link set eth9 arp off && ip link set eth9p arp off && "
           "ip addr add 10.77.0.1/16 dev eth9 && ip link set eth9p up && ip link set eth9 up")
        if self.where == "host":
            self.undo("ip link show eth9 >/dev/null 2>&1 || exit 0; ip link del eth9")

    def remote(self, comm, fn, *args, **kw):
        """a role on 'another host': its own network namespace, 10.88.0.2, behind a veth (we are 10.88.0.1)"""
        r, w = os.pipe()

        def go():
            os.read(r, 1)
            fn(*args)
        pid = self.role(comm, go, keep=(r,), ns=NEWNET, **kw)
        mine = os.readlink("/proc/self/ns/net")
        self.wait(lambda: os.readlink(f"/proc/{pid}/ns/net") != mine)
        sh(f"ip link add up0 type veth peer name up1 netns {pid} && ip addr add 10.88.0.1/24 dev up0 && ip link set up0 up && "
           f"nsenter -t {pid} -n sh -c 'ip link set lo up; ip addr add 10.88.0.2/24 dev up1; ip link set up1 up'")
        os.write(w, b"x")
        os.close(w)
        os.close(r)
        return pid


# --- small pieces many incidents use
def server(port, addr="127.0.0.1", backlog=128, reuseaddr=True, reuseport=False, kind=socket.SOCK_STREAM):
    s = socket.socket(socket.AF_INET6 if ":" in addr else socket.AF_INET, kind)
    if reuseaddr:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if reuseport:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    s.bind((addr, port))
    if kind == socket.SOCK_STREAM:
        s.listen(backlog)
    return s


def forever():
    while True:
        time.sleep(3600)


def echo_server(port, addr="127.0.0.1", backlog=512, close_first=False, reuseport=False, work=0):
    """a well-behaved epoll server: answers each request line, closes what the client closes"""
    s = server(port, addr, backlog, reuseport=reuseport)
    s.setblocking(False)
    ep = select.epoll()
    ep.register(s, select.EPOLLIN)
    conns = {}
    while True:
        for fd, _ in ep.poll():
            if fd == s.fileno():
                while True:
                    try:
                        c, _ = s.accept()
                    except OSError:
                        break
                    conns[c.fileno()] = c
                    ep.register(c, select.EPOLLIN)
            else:
                c = conns[fd]
                try:
                    d = c.recv(4096)
                    if d:
                        for _ in range(work):
                            hash(d)
                        c.send(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
                except OSError:
                    d = b""
                if not d or close_first:
                    ep.unregister(fd)
                    conns.pop(fd).close()


def http_client(port, addr="127.0.0.1", pause=0.002, keep=True):
    c = None
    while True:
        try:
            if not c:
                c = socket.create_connection((addr, port), timeout=2)
            c.send(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            c.recv(4096)
            if not keep:
                c.close()
                c = None
        except OSError:
            c = None
        time.sleep(pause)


# --- the runner
def main(argv):
    import argparse
    ap = argparse.ArgumentParser(prog="run.py", description="sets an incident up, says so in one JSON line, holds it, cleans up")
    ap.add_argument("name", help="an incident of gym.json, or 'list'")
    ap.add_argument("--hold", type=float, default=30)
    ap.add_argument("--where", choices=["net", "host", "box"], default="net",
                    help="net: own network and mount namespace (default); host: the host's network; box: own pid namespace too")
    ap.add_argument("--debug", action="store_true")
    a = ap.parse_args(argv)
    known = catalog()
    if a.name == "list":
        for i in known.values():
            print(f"{i['name']:28} {i['kind']:9} {i['family']:11} {i['what']}")
        return 0
    if os.geteuid():
        print("run.py: needs root", file=sys.stderr)
        return 3
    name = a.name.removesuffix(".py")
    if name not in known:
        print(f"run.py: no incident {name}: run.py list", file=sys.stderr)
        return 2
    if a.where == "box":
        return box(name, a)
    return hold(name, a, lambda t: print(json.dumps(t), flush=True))


def hold(name, a, say):
    def bye(*_):
        raise KeyboardInterrupt
    signal.signal(signal.SIGTERM, bye)
    signal.signal(signal.SIGINT, bye)
    signal.signal(signal.SIGHUP, bye)
    g, rc = None, 0
    try:
        g = Gym(name, a.hold, a.where, a.debug)
        t = setup_of(name)(g)
        t["runner"] = os.getpid()
        t["enter"] = ["nsenter", "-t", str(os.getpid()), "-n", "-m"]
        t["ready"] = True
        say(t)
        end = time.time() + a.hold
        while time.time() < end:
            time.sleep(min(0.1, max(0, end - time.time())))
    except KeyboardInterrupt:
        pass
    except Exception as e:
        if a.debug:
            traceback.print_exc()
        say({"name": name, "ready": False, "error": str(e)})
        rc = 1
    finally:
        if g:
            g.close()
    return rc


def box(name, a):
    """everything in a pid namespace of its own: its pid 1 is the runner"""
    r, w = os.pipe()
    unshare(NEWPID)
    pid = os.fork()
    if pid == 0:
        os.close(r)
        libc.prctl(1, signal.SIGKILL, 0, 0, 0)
        os.set_inheritable(w, False)
        def say(t):
            os.write(w, (json.dumps(t) + "\n").encode())
            os.close(w)
        os._exit(hold(name, a, say))
    os.close(w)
    for s in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(s, lambda *_: os.kill(pid, signal.SIGTERM))
    with os.fdopen(r) as f:
        line = f.readline()
    if line:
        t = json.loads(line)
        host = {}
        for k in [pid, *children(pid)]:
            for l in read(f"/proc/{k}/status").splitlines():
                if l.startswith("NSpid:"):
                    host[int(l.split()[-1])] = k
        for who in [t.get("culprit"), t.get("victim"), *t.get("also", []), *[m["culprit"] for m in t.get("more", [])]]:
            if who:
                who["hostpid"] = host.get(who["pid"])
        t["enter"] = ["nsenter", "-t", str(pid), "-n", "-m", "-p"]
        print(json.dumps(t), flush=True)
    while True:
        try:
            return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        except InterruptedError:
            pass
