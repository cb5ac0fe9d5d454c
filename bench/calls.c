// calls RATE SECONDS: prints its pid, waits for a line on stdin, calls getppid() RATE times a second for SECONDS, catching
// up where it came late, prints "done" and ends with stdin.
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { SECOND_NS = 1000000000, AT_ONCE = 100 };

int main(int argc, char **argv) {
  if (argc != 3) return 2;
  long rate = atol(argv[1]), total = rate * atol(argv[2]);
  printf("%d\n", getpid());
  fflush(stdout);
  if (getchar() == EOF) return 1;
  struct timespec next;
  clock_gettime(CLOCK_MONOTONIC, &next);
  for (long i = 1; i <= total; i += 1) {
    syscall(SYS_getppid);
    if (i % AT_ONCE != 0) continue;
    next.tv_nsec += AT_ONCE * (SECOND_NS / rate);
    next.tv_sec += next.tv_nsec / SECOND_NS;
    next.tv_nsec %= SECOND_NS;
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, NULL);
  }
  puts("done");
  fflush(stdout);
  while (getchar() != EOF) {}
  return 0;
}
