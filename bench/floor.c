// Reads what any reader of /proc must read to tell the owners of TCP sockets, and does nothing with it: the tables, every
// descriptor of every process, and the command line of each process that holds a socket. The floor for mynetstat -antp.
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static char buffer[65536];

static long swallow(const char *path) {
  long total = 0, got;
  int fd = open(path, O_RDONLY);
  if (fd < 0) return 0;
  while ((got = read(fd, buffer, sizeof buffer)) > 0) total += got;
  close(fd);
  return total;
}

int main(void) {
  long bytes = swallow("/proc/net/tcp") + swallow("/proc/net/tcp6"), links = 0;
  DIR *proc = opendir("/proc");
  for (struct dirent *process; proc && (process = readdir(proc));) {
    if (!isdigit((unsigned char)process->d_name[0])) continue;
    char path[300];
    snprintf(path, sizeof path, "/proc/%s/fd", process->d_name);
    DIR *folder = opendir(path);
    if (!folder) continue;
    int holds = 0;
    for (struct dirent *fd; (fd = readdir(folder));) {
      ssize_t length = readlinkat(dirfd(folder), fd->d_name, buffer, sizeof buffer);
      links += 1;
      holds |= length > 8 && memcmp(buffer, "socket:[", 8) == 0;
    }
    closedir(folder);
    snprintf(path, sizeof path, "/proc/%s/cmdline", process->d_name);
    if (holds) bytes += swallow(path);
  }
  fprintf(stderr, "%ld bytes, %ld links\n", bytes, links);
  return 0;
}
