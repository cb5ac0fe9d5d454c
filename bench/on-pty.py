#!/usr/bin/env python3
"""Runs a command on a terminal of its own, and measures it as a person would meet it.

on-pty.py MARK SECONDS KEY COMMAND…: prints {"firstMs", "firstCpuMs", "cpuMs", "wallMs", "rssKib", "bytes"}: time until MARK was on the
terminal and CPU until then; CPU of it and its children from then on, for SECONDS; then KEY ends it.
"""
import fcntl
import json
import os
import pty
import select
import signal
import struct
import sys
import termios
import time

mark, seconds, key = sys.argv[1].encode(), float(sys.argv[2]), sys.argv[3].encode()
LIMIT_S = 20


def cpu_of(pid):
    """CPU of a process and all below it, in seconds."""
    total = 0.0
    ticks = os.sysconf("SC_CLK_TCK")
    try:
        with open(f"/proc/{pid}/stat", "rb") as stat:
            fields = stat.read().rsplit(b")", 1)[1].split()
        total += (int(fields[11]) + int(fields[12]) + int(fields[13]) + int(fields[14])) / ticks
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/children") as children:
                total += sum(cpu_of(child) for child in children.read().split())
    except (FileNotFoundError, ProcessLookupError):
        pass
    return total


def rss_of(pid):
    with open(f"/proc/{pid}/status") as status:
        return next((int(line.split()[1]) for line in status if line.startswith("VmHWM")), 0)


began = time.monotonic()
pid, terminal = pty.fork()
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 130, 0, 0))
    os.environ["TERM"] = "xterm-256color"
    os.execvp(sys.argv[4], sys.argv[4:])

seen = b""
count = 0
first = None
start_cpu = 0.0
end = began + LIMIT_S
while time.monotonic() < end:
    ready, _, _ = select.select([terminal], [], [], max(0, min(0.2, end - time.monotonic())))
    if not ready:
        continue
    try:
        chunk = os.read(terminal, 1 << 16)
    except OSError:
        break
    if first is None:
        seen += chunk
        if mark in seen:
            first = time.monotonic()
            start_cpu = cpu_of(pid)
            end = first + seconds
    else:
        count += len(chunk)
if first is None:
    print(json.dumps({"error": "no frame", "seen": seen[-300:].decode("utf8", "replace")}))
    os.kill(pid, signal.SIGKILL)
    sys.exit(1)
measured = time.monotonic() - first
cpu = cpu_of(pid) - start_cpu
rss = rss_of(pid)
os.write(terminal, key)
deadline = time.monotonic() + 5
ended = 0
while time.monotonic() < deadline and not ended:
    if select.select([terminal], [], [], 0.05)[0]:
        try:
            os.read(terminal, 1 << 16)
        except OSError:
            pass
    ended, _ = os.waitpid(pid, os.WNOHANG)
if not ended:
    os.kill(pid, signal.SIGKILL)
print(
    json.dumps(
        {
            "firstMs": round((first - began) * 1000, 1),
            "firstCpuMs": round(start_cpu * 1000),
            "cpuMs": round(cpu * 1000),
            "wallMs": round(measured * 1000),
            "rssKib": rss,
            "bytes": count,
        }
    )
)
