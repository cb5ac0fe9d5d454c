// measure COMMAND…: runs it with its output into a pipe, which is drained, and prints on stdout
// `WALL_US CPU_US MAX_RSS_KB STATUS OUTPUT_BYTES` of it. What it says on stderr is thrown away. The command
// does not outlive it, nor it whoever started it.
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char buffer[1 << 16];

static long long microseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}

int main(int argc, char **argv) {
  if (argc < 2) return 2;
  int out[2], status;
  struct rusage usage;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (pipe(out) < 0) return 1;
  long long start = microseconds(), bytes = 0;
  pid_t child = fork();
  if (child == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(out[1], 1);
    dup2(open("/dev/null", O_WRONLY), 2);
    close(out[0]);
    execvp(argv[1], argv + 1);
    _exit(127);
  }
  close(out[1]);
  for (ssize_t got; (got = read(out[0], buffer, sizeof buffer)) > 0;) bytes += got;
  if (child < 0 || wait4(child, &status, 0, &usage) < 0) return 1;
  long long cpu = (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000LL + usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
  printf("%lld %lld %ld %d %lld\n", microseconds() - start, cpu, usage.ru_maxrss,
         WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), bytes);
  return 0;
}
