// load SOCKETS PROCESSES: that many established loopback sockets, spread over that many processes, each of which also
// listens. Prints "ready" when all stand and ends, with its processes, when stdin does. Run it in an own network
// namespace with lo up; it brings lo up itself.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

enum { MAX_SOCKETS = 400000, MAX_PROCESSES = 4000, PORT = 2000 };

static void fail(const char *what) {
  fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
  exit(1);
}

static void bring_up_loopback(void) {
  struct ifreq request = {.ifr_name = "lo"};
  int fd = socket(AF_INET, SOCK_DGRAM, 0);
  if (fd < 0 || ioctl(fd, SIOCGIFFLAGS, &request) < 0) fail("lo");
  request.ifr_flags |= IFF_UP;
  if (ioctl(fd, SIOCSIFFLAGS, &request) < 0) fail("lo up");
  close(fd);
}

// A listener of its own address for each process keeps the ephemeral ports apart: they count per destination.
static void hold(int index, int connections, int ready) {
  struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(PORT)};
  at.sin_addr.s_addr = htonl(0x7f000001 + (index / 250 + 1) * 65536 + (index % 250) * 256);
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  if (bind(listener, (struct sockaddr *)&at, sizeof at) < 0 || listen(listener, 64) < 0) fail("listen");
  for (int i = 0; i < connections; i += 1) {
    int client = socket(AF_INET, SOCK_STREAM, 0);
    if (client < 0 || connect(client, (struct sockaddr *)&at, sizeof at) < 0) fail("connect");
    if (accept(listener, NULL, NULL) < 0) fail("accept");
  }
  if (write(ready, "x", 1) != 1) fail("ready");
  for (;;) pause();
}

int main(int argc, char **argv) {
  int sockets = argc == 3 ? atoi(argv[1]) : 0, processes = argc == 3 ? atoi(argv[2]) : 0;
  if (processes < 1 || processes > MAX_PROCESSES || sockets < 2 * processes || sockets > MAX_SOCKETS) {
    fprintf(stderr, "usage: load SOCKETS PROCESSES (at most %d in %d)\n", MAX_SOCKETS, MAX_PROCESSES);
    return 2;
  }
  int connections = sockets / processes / 2;
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  if (files.rlim_cur < (rlim_t)(2 * connections + 16)) {
    errno = EMFILE;
    fail("too many sockets a process");
  }
  bring_up_loopback();
  int ready[2];
  if (pipe(ready) < 0) fail("pipe");
  pid_t parent = getpid();
  for (int i = 0; i < processes; i += 1) {
    pid_t child = fork();
    if (child < 0) fail("fork");
    if (child > 0) continue;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(1);
    close(ready[0]);
    close(STDIN_FILENO);
    hold(i, connections, ready[1]);
  }
  close(ready[1]);
  char byte;
  for (int i = 0; i < processes; i += 1)
    if (read(ready[0], &byte, 1) != 1) fail("a process ended early");
  printf("ready\n");
  fflush(stdout);
  while (read(STDIN_FILENO, &byte, 1) > 0) {}
  return 0;
}
