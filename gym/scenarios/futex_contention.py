"""eight threads fight for one mutex"""
from gym import *

def setup(g):
    pid = g.run(g.cc("cache-svc", r"""
#include <pthread.h>
#include <unistd.h>
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER; static volatile long n;
static void *w(void *a) { for (;;) { pthread_mutex_lock(&m); for (int i = 0; i < 200; i++) n++; pthread_mutex_unlock(&m); } }
int main() { pthread_t t; for (int i = 0; i < 8; i++) pthread_create(&t, 0, w, 0); for (;;) pause(); }
"""))
    g.wait(lambda: len(os.listdir(f"/proc/{pid}/task")) == 9)
    time.sleep(0.5)
    return g.truth("lock-contention", pid, {"threads": 8})
