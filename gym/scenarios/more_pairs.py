"""Two incidents at once: each pair of two families."""
import itertools
from gym import *

import more_cpu, more_disk, more_ports, more_process, more_tcp, more_waiting
import port_taken

ONE_EACH = {
    "ports": port_taken.setup,
    "accept": more_ports.accept_not_served,
    "tcpstate": more_tcp.close_wait_threads,
    "path": more_tcp.refused_nonblocking,
    "dns": more_tcp.dns_own_socket,
    "cpu": more_cpu.poll_zero,
    "calls": more_cpu.enoent_storm,
    "process": more_process.zombies,
    "limits": more_process.fd_pipes_quiet,
    "disk": more_disk.fdatasync_storm,
    "space": more_disk.inodes_exhausted,
    "memory": more_disk.memory_growth,
    "blocked": more_waiting.fcntl_wait,
}


def pair(first, second):
    def setup(g):
        t = ONE_EACH[first](g)
        other = ONE_EACH[second](g)
        t["more"] = [{"cause": other["cause"], "culprit": other["culprit"]}]
        return t
    setup.__name__ = f"c_{first}_{second}"
    setup.__doc__ = f"an incident of the family {first} and one of {second} at once"
    scenario("two", "compound", "compound")(setup)


for first, second in itertools.combinations(ONE_EACH, 2):
    pair(first, second)
