// load sockets SOCKETS PROCESSES: that many established loopback sockets, spread over that many processes, each of which
// also listens. load time-wait ROWS: that many rows in TIME_WAIT, for the minute they last. Prints "ready" when all stand
// and ends, with its processes, when stdin does. Run it in an own network namespace: it brings lo up and changes sysctls.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

enum { MAX_SOCKETS = 400000, MAX_PROCESSES = 4000, MAX_ROWS = 100000, PORT = 2000 };
// Few enough rows for each destination that connect() stays on its fast path.
enum { DESTINATIONS = 4 };

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

static struct sockaddr_in address(in_addr_t host) {
  return (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(PORT), .sin_addr.s_addr = htonl(host)};
}

static int listen_at(in_addr_t host) {
  struct sockaddr_in at = address(host);
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  if (bind(listener, (struct sockaddr *)&at, sizeof at) < 0 || listen(listener, 64) < 0) fail("listen");
  return listener;
}

// A listener of its own address for each process keeps the ephemeral ports apart: they count per destination.
static void hold(int index, int connections, int ready) {
  in_addr_t host = 0x7f000001 + (index / 250 + 1) * 65536 + (index % 250) * 256;
  struct sockaddr_in at = address(host);
  int listener = listen_at(host);
  for (int i = 0; i < connections; i += 1) {
    int client = socket(AF_INET, SOCK_STREAM, 0);
    if (client < 0 || connect(client, (struct sockaddr *)&at, sizeof at) < 0) fail("connect");
    if (accept(listener, NULL, NULL) < 0) fail("accept");
  }
  if (write(ready, "x", 1) != 1) fail("ready");
  for (;;) pause();
}

static void spread_over_processes(int sockets, int processes) {
  int connections = sockets / processes / 2;
  rlim_t needed = 2 * connections + 16;
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  struct rlimit wanted = {.rlim_cur = needed, .rlim_max = needed > files.rlim_max ? needed : files.rlim_max};
  if (needed > files.rlim_cur && setrlimit(RLIMIT_NOFILE, &wanted) < 0) {
    fprintf(stderr, "needs %lu file descriptors a process, allowed are %lu: ulimit -n\n", (long)needed, (long)files.rlim_max);
    exit(1);
  }
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
}

static void set(const char *path, const char *value) {
  int fd = open(path, O_WRONLY);
  if (fd < 0 || write(fd, value, strlen(value)) < 0) fail(path);
  close(fd);
}

// The client closes first, so the row is its own and holds one of its ports.
static void leave_in_time_wait(int rows) {
  set("/proc/sys/net/ipv4/ip_local_port_range", "1024 65535");
  set("/proc/sys/net/ipv4/tcp_tw_reuse", "0");
  set("/proc/sys/net/ipv4/tcp_max_tw_buckets", "200000");
  int listener = listen_at(INADDR_ANY);
  for (int i = 0; i < rows; i += 1) {
    struct sockaddr_in at = address(INADDR_LOOPBACK + i % DESTINATIONS);
    int client = socket(AF_INET, SOCK_STREAM, 0);
    if (client < 0 || connect(client, (struct sockaddr *)&at, sizeof at) < 0) fail("connect");
    int server = accept(listener, NULL, NULL);
    if (server < 0) fail("accept");
    close(client);
    close(server);
  }
}

int main(int argc, char **argv) {
  int is_spread = argc == 4 && strcmp(argv[1], "sockets") == 0, is_waiting = argc == 3 && strcmp(argv[1], "time-wait") == 0;
  int many = argc > 2 ? atoi(argv[2]) : 0, processes = is_spread ? atoi(argv[3]) : 1;
  if (processes < 1 || processes > MAX_PROCESSES || many < 2 * processes || many > (is_spread ? MAX_SOCKETS : MAX_ROWS) ||
      !(is_spread || is_waiting)) {
    fprintf(stderr, "usage: load sockets SOCKETS PROCESSES (at most %d in %d), load time-wait ROWS (at most %d)\n",
            MAX_SOCKETS, MAX_PROCESSES, MAX_ROWS);
    return 2;
  }
  bring_up_loopback();
  if (is_spread) spread_over_processes(many, processes);
  else leave_in_time_wait(many);
  printf("ready\n");
  fflush(stdout);
  char byte;
  while (read(STDIN_FILENO, &byte, 1) > 0) {}
  return 0;
}
