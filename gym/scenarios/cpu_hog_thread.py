"""one thread of forty burns a CPU, the others wait"""
from gym import *

def setup(g):
    pid = g.run(g.cc("order-engine", r"""
#define _GNU_SOURCE
#include <pthread.h>
#include <unistd.h>
#include <stdio.h>
static void *idle(void *a) { char n[16]; snprintf(n, 16, "http-%ld", (long)a); pthread_setname_np(pthread_self(), n); for (;;) sleep(1); }
static volatile double x;
static void *hot(void *a) { pthread_setname_np(pthread_self(), "price-matcher"); for (;;) x = x * 1.0001 + 1; }
int main() { pthread_t t; for (long i = 0; i < 39; i++) pthread_create(&t, 0, i == 17 ? hot : idle, (void *)i); for (;;) pause(); }
"""))
    tid = g.wait(lambda: next((int(t) for t in os.listdir(f"/proc/{pid}/task") if read(f"/proc/{pid}/task/{t}/comm").strip() == "price-matcher"), 0))
    time.sleep(0.5)
    return g.truth("cpu-hog", pid, {"tid": tid, "thread": "price-matcher", "threads": 40}, accept=["cpu-hog-thread"])
