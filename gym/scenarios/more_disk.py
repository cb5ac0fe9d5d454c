"""Disk, space and memory."""
from gym import *
from more_cpu import c_program


def small_fs(g, name, options):
    d = f"{g.tmp}/{name}"
    os.makedirs(d)
    mount("tmpfs", d, "tmpfs", 0, options)
    os.chmod(d, 0o777)
    return d


def loop_fs(g, name, mb, mkfs="mkfs.ext4 -q -F"):
    img, d = f"{g.tmp}/{name}.img", f"{g.tmp}/{name}"
    os.makedirs(d)
    sh(f"truncate -s {mb}M {img} && {mkfs} {img}")
    loop = sh(f"losetup --show -f {img}").strip()
    g.undo(f"losetup {loop} 2>/dev/null | grep -q {img} || exit 0; losetup -d {loop}")
    sh(f"mount {loop} {d}")
    return d


@scenario("inodes-exhausted", "space")
def inodes_exhausted(g):
    """a session folder is full of small files: no inode is left, space is"""
    d = small_fs(g, "sessions", "size=64m,nr_inodes=500")
    def go():
        n = 0
        while True:
            try:
                os.close(os.open(f"{d}/sess_{n}", os.O_CREAT | os.O_WRONLY))
                n += 1
            except OSError:
                time.sleep(0.1)
    pid = g.role("php-session", go, argv=["php-fpm: pool www"])
    g.wait(lambda: os.statvfs(d).f_ffree == 0)
    return g.truth("inodes-exhausted", pid, {"mount": d})


@scenario("inodes-exhausted", "space")
def inodes_ext4(g):
    """as inodes_exhausted, on ext4, by a C program that makes folders and symbolic links, as another user"""
    d = loop_fs(g, "spool", 32, "mkfs.ext4 -q -F -N 256")
    os.chmod(d, 0o777)
    os.chmod(g.tmp, 0o755)
    pid = c_program(g, "maildir", r"""
#include <stdio.h>
#include <unistd.h>
#include <sys/stat.h>
int main(int n, char **v) { char p[300]; for (int i = 0;; i++) { snprintf(p, 300, "%s/d%d", v[1], i); if (i % 2 ? mkdir(p, 0700) : symlink("x", p)) usleep(100000); } }
""", d, uid=41239)
    g.wait(lambda: os.statvfs(d).f_ffree == 0)
    return g.truth("inodes-exhausted", pid, {"mount": d})


@scenario("disk-full", "space")
def disk_full_ext4(g):
    """a database cannot extend its file (fallocate, pwrite in a thread) on a small ext4"""
    d = loop_fs(g, "pgdata", 24)
    pid = c_program(g, "wal-archiver", r"""
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>
static int f; static char b[65536];
static void *w(void *a) { for (long at = 0;;) { if (pwrite(f, b, sizeof b, at) > 0) at += sizeof b; else { posix_fallocate(f, at, 1 << 20); usleep(150000); } } }
int main(int n, char **v) { f = open(v[1], O_CREAT | O_RDWR, 0600); pthread_t t; pthread_create(&t, 0, w, 0); for (;;) pause(); }
""", d + "/base")
    g.wait(lambda: os.statvfs(d).f_bavail < 64)
    return g.truth("disk-full", pid, {"mount": d})


@scenario("disk-full", "space")
def disk_full_short(g):
    """programs that are started for every upload fail with ENOSPC and end"""
    d = small_fs(g, "uploads", "size=8m")
    with open(d + "/old", "wb") as f:
        f.write(b"x" * (8 << 20))
    prog = g.cc("store-upload", "#include <fcntl.h>\n#include <unistd.h>\nstatic char b[65536];\nint main(int n, char **v) { return write(open(v[1], O_CREAT | O_WRONLY, 0600), b, sizeof b) < 0; }")
    def boss():
        while True:
            os.waitpid(os.posix_spawn(prog, ["store-upload", d + "/new"], {}), 0)
            time.sleep(0.2)
    pid = g.role("webdav", boss, argv=["/usr/sbin/webdav"])
    time.sleep(0.6)
    t = g.truth("disk-full", pid, {"mount": d})
    t["also"] = [{"pid": 0, "comm": "store-upload"}]
    return t


@scenario("deleted-file-space", "space")
def deleted_log(g):
    """logrotate has deleted a log that a setuid daemon still writes; it holds most of an ext4"""
    d = loop_fs(g, "varlog", 64)
    os.chmod(d, 0o777)
    os.chmod(g.tmp, 0o755)
    def go():
        fd = os.open(d + "/access.log", os.O_CREAT | os.O_WRONLY | os.O_APPEND)
        for _ in range(36):
            os.write(fd, b"GET / 200\n" * 104857)
        os.unlink(d + "/access.log")
        while True:
            os.write(fd, b"GET / 200\n")
            time.sleep(0.2)
    pid = g.role("httpd", go, argv=["/usr/sbin/httpd"], uid=65534)
    g.wait(lambda: os.path.exists(d) and not os.path.exists(d + "/access.log") and os.statvfs(d).f_bavail * os.statvfs(d).f_frsize < 26 << 20, timeout=20)
    return g.truth("deleted-file-space", pid, {"mount": d}, accept=["disk-full"])


@scenario("fsync-storm", "disk")
def fdatasync_storm(g):
    """a database commits every row by itself (fdatasync in two threads)"""
    pid = c_program(g, "queue-db", r"""
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>
static char *dir;
static void *w(void *a) { char p[300]; snprintf(p, 300, "%s/q%ld", dir, (long)a); int f = open(p, O_CREAT | O_RDWR, 0600); for (long i = 0;; i++) { pwrite(f, "row row row\n", 12, i * 12 % 65536); fdatasync(f); } }
int main(int n, char **v) { dir = v[1]; pthread_t t; for (long i = 0; i < 2; i++) pthread_create(&t, 0, w, (void *)i); for (;;) pause(); }
""", g.tmp)
    return g.truth("fsync-storm", pid, {})


@scenario("fsync-storm", "disk")
def msync_storm(g):
    """a mapped file is written back with msync after every change"""
    pid = c_program(g, "counter-map", r"""
#include <fcntl.h>
#include <unistd.h>
#include <sys/mman.h>
int main(int n, char **v) { int f = open(v[1], O_CREAT | O_RDWR, 0600); ftruncate(f, 65536); char *p = mmap(0, 65536, 3, MAP_SHARED, f, 0);
  for (long i = 0;; i++) { p[i * 97 % 65536]++; msync(p, 65536, MS_SYNC); } }
""", g.tmp + "/counters")
    return g.truth("fsync-storm", pid, {})


@scenario("fsync-storm", "disk")
def osync_storm(g):
    """no fsync at all: the file is open with O_DSYNC, every small write waits for the disk"""
    pid = c_program(g, "redo-log", r"""
#define _GNU_SOURCE
#include <fcntl.h>
#include <unistd.h>
int main(int n, char **v) { int f = open(v[1], O_CREAT | O_RDWR | O_DSYNC, 0600); for (long i = 0;; i++) pwrite(f, "commit\n", 7, i * 7 % 65536); }
""", g.tmp + "/redo")
    return g.truth("fsync-storm", pid, {})


@scenario("disk-hog", "disk")
def disk_hog(g):
    """a backup reads past the cache with many requests at a time; a small service waits for the disk"""
    path = g.tmp + "/data.bin"
    with open(path, "wb") as f:
        for _ in range(256):
            f.write(os.urandom(1 << 20))
        os.fsync(f.fileno())
    pid = c_program(g, "raw-backup", r"""
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>
static char *path;
static void *w(void *a) { int f = open(path, O_RDONLY | O_DIRECT); void *b; posix_memalign(&b, 4096, 1 << 20); unsigned s = (long)a; for (;;) pread(f, b, 1 << 20, (off_t)(rand_r(&s) % 255) << 20); }
int main(int n, char **v) { path = v[1]; pthread_t t; for (long i = 0; i < 16; i++) pthread_create(&t, 0, w, (void *)i); for (;;) pause(); }
""", path)
    def small():
        fd = os.open(path, os.O_RDONLY)
        n = 0
        while True:
            os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
            os.pread(fd, 4096, n * 7919 * 4096 % (255 << 20))
            n += 1
            time.sleep(0.005)
    v = g.role("user-db", small, argv=["/srv/user-db"])
    time.sleep(1)
    return g.truth("disk-hog", pid, {}, victim=v)


@scenario("runaway-log", "disk")
def log_stdout(g):
    """a C program prints the same line over and over to stdout, which its supervisor leads into a file; as another user"""
    os.makedirs(g.tmp + "/log")
    path = g.tmp + "/log/worker.out"
    def go():
        fd = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o666)
        os.dup2(fd, 1)
        os.setuid(65534)
        os.execv(prog, ["etl-worker"])
    os.chmod(g.tmp, 0o755)
    prog = g.cc("etl-worker", "#include <stdio.h>\n#include <unistd.h>\nint main() { for (;;) { for (int i = 0; i < 100; i++) printf(\"WARN deprecated call of parse_row(), use parse()\\n\"); fflush(stdout); usleep(700); } }")
    pid = g.role("etl-worker", go)
    g.wait(lambda: os.path.getsize(path) > 4 << 20)
    return g.truth("runaway-log", pid, {"file": path}, accept=["write-storm"])


@scenario("runaway-log", "disk")
def log_threads(g):
    """threads of a server write debug lines with writev into /var/log-like file that is opened without O_APPEND"""
    os.makedirs(g.tmp + "/log")
    path = g.tmp + "/log/debug.log"
    pid = c_program(g, "api-gateway", r"""
#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>
#include <sys/uio.h>
static int f;
static void *w(void *a) { struct iovec v[40]; for (int i = 0; i < 40; i++) { v[i].iov_base = "2026-01-01 DEBUG request headers follow: accept=*/* user-agent=curl\n"; v[i].iov_len = 67; } for (;;) { writev(f, v, 40); usleep(600); } }
int main(int n, char **v) { f = open(v[1], O_CREAT | O_WRONLY | O_TRUNC, 0600); pthread_t t; for (int i = 0; i < 3; i++) pthread_create(&t, 0, w, 0); for (;;) pause(); }
""", path)
    return g.truth("runaway-log", pid, {"file": path}, accept=["write-storm"])


def memory_group(g, mb):
    d = g.cgroup("memory")
    write(d + ("/memory.max" if os.path.exists(d + "/memory.max") else "/memory.limit_in_bytes"), mb << 20)
    return d


@scenario("oom-kill", "memory")
def oom_kill_once(g):
    """a container has room for one of its two workers: each time both have grown, one of them is killed (C, touching pages)"""
    d = memory_group(g, 64)
    prog = g.cc("model-worker", r"""
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
int main() { for (;;) { memset(malloc(1 << 20), 1, 1 << 20); usleep(15000); } }
""")
    def boss():
        kids = {}
        while True:
            while len(kids) < 2:
                kids[os.posix_spawn(prog, ["model-worker"], {})] = 1
            pid, _ = os.wait()
            kids.pop(pid, None)
            time.sleep(0.2)
    pid = g.role("model-serve", boss, argv=["/srv/model-serve"], cg=[d])
    time.sleep(2)
    t = g.truth("oom-kill", pid, {"limit_mb": 64})
    t["also"] = [{"pid": 0, "comm": "model-worker"}]
    return t


@scenario("memory-limit-pressure", "memory")
def memory_pressure(g):
    """a container reads a file larger than its limit over and over: its cache is thrown away all the time"""
    path = g.tmp + "/catalog.bin"
    with open(path, "wb") as f:
        for _ in range(96):
            f.write(os.urandom(1 << 20))
        os.fsync(f.fileno())
        os.posix_fadvise(f.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    d = memory_group(g, 24)
    def go():
        while True:
            with open(path, "rb", buffering=0) as f:
                while f.read(1 << 18):
                    pass
    pid = g.role("catalog-scan", go, argv=["/srv/catalog-scan"], cg=[d])
    fails = lambda: int(read(d + "/memory.failcnt") or read(d + "/memory.events").split("max ")[1].split()[0])
    g.wait(lambda: fails() > 2000)
    return g.truth("memory-limit-pressure", pid, {"limit_mb": 24}, accept=["major-faults"])


@scenario("memory-growth", "memory")
def memory_growth(g):
    """a leak: forty megabytes a second, without a pause"""
    def go():
        keep = []
        while len(keep) < 1800:
            keep.append(bytearray(b"x" * (1 << 20)))
            time.sleep(0.025)
        forever()
    pid = g.role("image-cache", go, argv=["/srv/image-cache"])
    time.sleep(1)
    return g.truth("memory-growth", pid, {})


@scenario("memory-growth", "memory")
def memory_growth_thread(g):
    """a thread of a C program keeps every message it gets (small pieces, malloc), in a container with a limit"""
    d = memory_group(g, 1500)
    pid = g.run(g.cc("msg-router", r"""
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
static void *w(void *a) { for (long i = 0; i < 1000000; i++) { for (int k = 0; k < 80; k++) memset(malloc(4000), 1, 4000); usleep(10000); } return 0; }
int main() { pthread_t t; pthread_create(&t, 0, w, 0); for (;;) pause(); }
"""), cg=[d])
    time.sleep(1.5)
    return g.truth("memory-growth", pid, {})


@scenario("major-faults", "memory")
def major_faults_anon(g):
    """programs (shared libraries and all) of a container with too little memory: its mapped pages are read back again and again"""
    path = g.tmp + "/vectors.bin"
    with open(path, "wb") as f:
        for _ in range(96):
            f.write(os.urandom(1 << 20))
        os.fsync(f.fileno())
        os.posix_fadvise(f.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    exe = g.cc("vector-db", r"""
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>
#include <sys/mman.h>
static volatile char *p;
static void *w(void *a) { unsigned s = (long)a; for (;;) { (void)p[(size_t)(rand_r(&s) % (96 << 8)) * 4096]; } }
int main(int n, char **v) { p = mmap(0, 96L << 20, PROT_READ, MAP_PRIVATE, open(v[1], O_RDONLY), 0); madvise((void *)p, 96L << 20, MADV_RANDOM);
  pthread_t t; for (long i = 0; i < 3; i++) pthread_create(&t, 0, w, (void *)i); for (;;) pause(); }
""")
    pid = g.run(exe, path, cg=[memory_group(g, 20)])
    mf = lambda: int(read(f"/proc/{pid}/stat").rsplit(")", 1)[1].split()[9])
    g.wait(lambda: mf() > 1500)
    return g.truth("major-faults", pid, {}, accept=["memory-limit-pressure"])
