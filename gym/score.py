#!/usr/bin/env python3
"""score.py [--where net|host|box] [--cmd 'linsight diagnose --json'] [NAME or FAMILY or 'PATTERN' ...]
Runs the command against scenarios, one at a time, and says which were named rightly: culprit AND cause.
The command prints JSON: {"findings": [{"cause", "severity", "culprit": {"pid", "comm"}}, ...]} most severe first."""
import argparse, fnmatch, json, os, shlex, signal, subprocess, sys, time
sys.dont_write_bytecode = True
import gym

HERE = os.path.dirname(os.path.abspath(__file__))
QUIET = {"info", "note", "harmless", "ok"}


def same(f, who):
    """does finding f name this process? pid, or comm where processes of that name come and go"""
    names = [f.get("culprit") or {}, *(f.get("culprits") or [])]
    return any(n.get("pid") == who["pid"] if who["pid"] else (n.get("comm") or "").startswith(who["comm"]) for n in names)


def named(fs, cause, who, also, accept):
    for i, f in enumerate(fs):
        if f.get("cause") in [cause, *accept] and any(same(f, w) for w in [who, *also]):
            return i
    return -1


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("names", nargs="*")
    ap.add_argument("--cmd", default=f"node {HERE}/../bin/linsight.cjs diagnose --json")
    ap.add_argument("--inside", action="store_true", help="enter the incident's namespaces (default: from the host, all namespaces)")
    ap.add_argument("--where", default="net", choices=["net", "host", "box"])
    ap.add_argument("--limit", type=float, default=12, help="seconds the command may take")
    ap.add_argument("--reverse", action="store_true", help="in reverse order (two runs side by side then hardly meet)")
    ap.add_argument("--json", metavar="FILE", help="keep the result")
    ap.add_argument("--exit", action="store_true", help="status 1 where anything was not right")
    a = ap.parse_args()
    known = gym.catalog()
    todo = [s for s in known.values() if (not a.names and s["kind"] != "compound") or any(fnmatch.fnmatch(s["name"], n) or n == s["family"] for n in a.names)]
    if not todo:
        print("score.py: no such scenario: run.py list", file=sys.stderr)
        return 2
    if a.reverse:
        todo.reverse()
    cmd = shlex.split(a.cmd)
    out, ok, first, false, n = [], 0, 0, 0, 0
    for s in todo:
        p = subprocess.Popen([sys.executable, HERE + "/run.py", s["name"], "--hold", "60", "--where", a.where], stdout=subprocess.PIPE, text=True)
        row = {"name": s["name"], "kind": s["kind"]}
        try:
            t = json.loads(p.stdout.readline() or '{"ready": false, "error": "no output"}')
            if not t.get("ready"):
                row["verdict"] = "NOT IN FORCE " + t.get("error", "")
                continue
            before = set(gym.children(t["runner"]))
            t0 = time.time()
            try:
                q = subprocess.run([*(t["enter"] if a.inside or a.where == "box" else []), *cmd], capture_output=True, text=True, timeout=a.limit)
                document = json.loads(q.stdout)
                fs = document["findings"]
                row["notLooked"] = [f"{n.get('what')}: {n.get('why')}" for n in document.get("notLooked", []) if "failed" in str(n) or "trace" in str(n)]
            except Exception as e:
                row["verdict"] = f"COMMAND FAILED {type(e).__name__}"
                n += 1
                continue
            row["seconds"] = round(time.time() - t0, 1)
            row["looked"] = document.get("durationMs", 0) / 1000
            ours = before | set(gym.children(t["runner"]))
            names = {gym.read(f"/proc/{x}/comm").strip() for x in ours}
            loud = [f for f in fs if f.get("severity", "warning") not in QUIET]
            in_gym = [f for f in loud if any(c.get("pid") in ours or c.get("comm") in names and not os.path.exists(f"/proc/{c.get('pid')}")
                                             for c in [f.get("culprit") or {}, *(f.get("culprits") or [])])]
            if a.where == "box":                                # inner pids, and nobody else lives there
                in_gym = loud
            also, accept = t.get("also", []), t.get("accept", [])
            if s["kind"] == "healthy":
                n += 1
                row["false"] = [(f["cause"], f.get("culprit")) for f in in_gym]
                false += bool(in_gym)
                row["verdict"] = "ACCUSED " + str(row["false"]) if in_gym else "ok, nobody accused"
                ok += not in_gym
                continue
            n += 1
            at = named(in_gym, t["cause"], t["culprit"], also, accept)
            rest = [m for m in t.get("more", []) if named(in_gym, m["cause"], m["culprit"], [], []) < 0]
            right = at >= 0 and not rest
            fine = [t["culprit"]["pid"], *[w["pid"] for w in also], *[m["culprit"]["pid"] for m in t.get("more", [])],
                    *([t["victim"]["pid"]] if t.get("victim") else []), *[c["culprit"]["pid"] for c in t.get("consequence", [])]]
            row["extra"] = [(f["cause"], f.get("culprit")) for f in in_gym
                            if not any(c.get("pid") in fine for c in [f.get("culprit") or {}, *(f.get("culprits") or [])])
                            and not any(same(f, w) for w in also)]
            row["said"] = [(f["cause"], (f.get("culprit") or {}).get("comm")) for f in in_gym]
            ok += right
            first += right and at == 0
            row["verdict"] = ("named" + ("" if at == 0 else f", as no. {at + 1}") + (f", extra {row['extra']}" if row["extra"] else "")) if right else \
                f"MISSED {t['cause']} {t['culprit']}; said {row['said']} {' '.join(row['notLooked'])}"
            row["right"] = right
        finally:
            p.send_signal(signal.SIGTERM)
            p.wait()
            out.append(row)
            late = f" (looked for {row['looked']:.1f} s)" if row.get("seconds", 0) > 7.5 else ""
            print(f"{row['name']:28} {row.get('seconds', '-'):>5} {row['verdict'][:300]}{late}", flush=True)
    print(f"\n{ok} of {n} right ({first} of the incidents as the first finding, {false} healthy ones accused)")
    if a.json:
        json.dump(out, open(a.json, "w"), indent=1)
    return 1 if a.exit and ok < n else 0


if __name__ == "__main__":
    sys.exit(main())
