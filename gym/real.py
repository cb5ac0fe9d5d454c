#!/usr/bin/env python3
"""real.py [--cmd 'linsight diagnose --json'] [--machine] [NAME or 'PATTERN' ...]
Healthy work of real programs, one after the other, and whether the command accuses anyone. Each runs over and over in a
scratch folder and in a pid namespace of its own, from within which the command looks: every finding there is of the work.
With --machine it looks at the whole machine, where every finding counts as well."""
import argparse, fnmatch, json, os, shlex, shutil, signal, subprocess, sys, tempfile, time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
QUIET = {"info", "note", "harmless", "ok"}

# A source of some 60 files that takes a compiler a while.
SOURCES = r'''for i in $(seq 60); do { echo '#include <stdio.h>'; echo '#include <stdlib.h>'; echo '#include <string.h>'
for j in $(seq 200); do echo "int f${i}_$j(int a) { char b[64]; snprintf(b, sizeof b, \"%d\", a * $j); return strlen(b) + a; }"; done; } > s$i.c; done
printf 'all: %s\n%%.o: %%.c\n\tgcc -O2 -c $< -o $@\n' "$(for i in $(seq 60); do printf 's%s.o ' $i; done)" > Makefile'''
SERVER = r'''const http=require('http');const b='x'.repeat(2000);
http.createServer((q,r)=>r.end(b)).listen(0,'127.0.0.1',function(){const port=this.address().port;
const agent=new http.Agent({keepAlive:true,maxSockets:16});let n=0;
const one=(fresh)=>http.get({port,agent:fresh?undefined:agent},r=>{r.resume();r.on('end',()=>setTimeout(one,2,++n%50===0))});
for(let i=0;i<16;i++)one(false)})'''
SQLITE = r'''import random,sqlite3,time
d=sqlite3.connect("db");d.execute("pragma journal_mode=wal");d.execute("create table if not exists t(id integer primary key,v text)")
while True:
    d.execute("insert into t(v) values(?)",("x"*200,));d.commit();d.execute("select count(*) from t where id>?",(random.randrange(100),)).fetchone();time.sleep(.05)'''

# name: (programs it needs, preparation, work that is repeated until the end)
WORK = {
    "npm_ci": ("npm", f"cp {ROOT}/package.json {ROOT}/package-lock.json .", "npm ci --ignore-scripts --prefer-offline --no-audit --no-fund"),
    "unit_tests": ("npx", f"ln -s {ROOT} p", f"cd {ROOT} && npx vitest run --config test/vitest.config.ts --project unit src/terminal src/kernel src/proc"),
    "typescript": ("npx", "", f"cd {ROOT} && npx tsc"),
    "build": ("node git", f"git clone -q {ROOT} b && ln -s {ROOT}/node_modules b/node_modules", "node b/scripts/build.mjs"),
    "tar_gzip": ("tar gzip", "", f"tar -C {ROOT} -czf out.tgz src node_modules && tar -xzf out.tgz && rm -rf src node_modules"),
    "git_gc": ("git", f"git clone -q --no-hardlinks {ROOT} r", "git -C r gc -q --prune=now --aggressive && git -C r repack -qadf"),
    "git_clone": ("git", "", f"git clone -q --no-local {ROOT} c && git -C c log --stat >log.txt && rm -rf c"),
    "gcc_j2": ("gcc make", SOURCES, "make -s -j2 && rm -f *.o"),
    "node_server": ("node", "", f"node -e {shlex.quote(SERVER)}"),
    "python_server": ("python3 curl", "head -c 100000 /dev/zero >f",
                      "python3 -m http.server -b 127.0.0.1 0 >out 2>/dev/null & for i in $(seq 50); do sleep .1; p=$(sed -n 's/.* port \\([0-9]*\\) .*/\\1/p' out); [ -n \"$p\" ] && break; done; "
                      "for i in $(seq 60); do curl -s -o /dev/null http://127.0.0.1:$p/f; sleep .1; done; kill %1"),
    "sqlite": ("python3", "", f"python3 -c {shlex.quote(SQLITE)}"),
    "sort": ("sort", "for i in $(seq 200000); do echo $RANDOM$RANDOM$RANDOM; done >n", "for i in 1 2 3 4 5 6 7 8; do cat n; done | sort -S 20M -T . | uniq -c >o"),
    "grep": ("grep", "", f"grep -rn observable {ROOT}/src {ROOT}/node_modules >o"),
    "find": ("find", "", "find /usr /var -xdev -type f -newer /etc/hostname -size +1k >o 2>&1"),
    "copy": ("cp dd", "dd if=/dev/urandom of=a bs=1M count=300 status=none", "cp a b && dd if=b of=c bs=1M conv=fsync status=none && cmp a c"),
    "checksums": ("sha256sum", "", "find /usr/bin -type f -print0 | xargs -0 sha256sum >o"),
    "xz": ("xz", "tar -cf t.tar -C /usr share/doc", "xz -T2 -3 -k -f t.tar"),
    "dpkg": ("dpkg apt-cache", "", "dpkg -l >o; apt-cache dumpavail >o; dpkg -S bin/ls >o"),
    "cron_burst": ("sh", "", "for i in $(seq 30); do (date; id; uname -a; test -e nothing; ls /etc >o.$i) >/dev/null & done; wait; sleep 3"),
    "python_compile": ("python3", "cp -r /usr/lib/python3*/ . ; rm -rf */__pycache__", "python3 -m compileall -q -f . || true"),
    "rsync_like": ("cp rm", "", f"cp -r {ROOT}/node_modules/typescript x 2>/dev/null; cp -r {ROOT}/src y; diff -r {ROOT}/src y; rm -rf x y"),
    "idle_shells": ("sh", "", "for i in $(seq 5); do (while sleep 1; do :; done) & done; sleep 60"),
    "log_follow": ("tail", "touch l", "(tail -f l >o & while sleep .1; do date >>l; done)"),
    "strace_like": ("strace", "", "strace -c -f ls -lR /etc >o 2>&1"),
}


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("names", nargs="*")
    ap.add_argument("--cmd", default=f"node {HERE}/../bin/linsight.cjs diagnose --json")
    ap.add_argument("--machine", action="store_true", help="look at the whole machine")
    ap.add_argument("--exit", action="store_true", help="status 1 where anyone was accused")
    a = ap.parse_args()
    accused = looked = 0
    for name, (needs, prepare, work) in WORK.items():
        if a.names and not any(fnmatch.fnmatch(name, n) for n in a.names):
            continue
        absent = [p for p in needs.split() if not shutil.which(p)]
        if absent:
            print(f"{name:<16} not looked at: {', '.join(absent)} is not here", flush=True)
            continue
        scratch = tempfile.mkdtemp(prefix="linsight-real-")
        text = f"cd {scratch}; {prepare or ':'}; touch {scratch}/.ready; while :; do {work}\ndone"
        p = subprocess.Popen(["unshare", "--pid", "--fork", "--mount-proc", "--kill-child", "timeout", "120", "bash", "-c", text],
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, start_new_session=True)
        try:
            limit = time.time() + 60
            while not os.path.exists(scratch + "/.ready") and time.time() < limit:
                time.sleep(.05)
            time.sleep(1.5)
            inner = open(f"/proc/{p.pid}/task/{p.pid}/children").read().split()[0]
            enter = [] if a.machine else ["nsenter", "-t", inner, "-p", "-m"]
            t0 = time.time()
            q = subprocess.run([*enter, *shlex.split(a.cmd)], capture_output=True, text=True, timeout=30)
            document = json.loads(q.stdout)
            loud = [f for f in document["findings"] if f.get("severity", "warning") not in QUIET]
            looked += 1
            accused += bool(loud)
            said = "ok, nobody accused" if not loud else "ACCUSED " + "; ".join(
                f"{f['cause']} {(f.get('culprit') or {}).get('comm')}: {f['finding']} {f['evidence']}" for f in loud)
            print(f"{name:<16} {time.time() - t0:4.1f} {document['looked']['processes']:>4} processes  {said}", flush=True)
        except Exception as e:
            looked += 1
            accused += 1
            print(f"{name:<16} COMMAND FAILED {type(e).__name__} {e}", flush=True)
        finally:
            os.killpg(p.pid, signal.SIGKILL)
            p.wait()
            time.sleep(.3)
            shutil.rmtree(scratch, ignore_errors=True)
    print(f"\n{looked} healthy workloads, {accused} accused")
    return 1 if a.exit and accused else 0


if __name__ == "__main__":
    sys.exit(main())
