"""a daemon still runs the executable that an upgrade has replaced: /proc/PID/exe is deleted"""
from gym import *

def setup(g):
    src = '#include <unistd.h>\nint main(){for(;;)pause();}'
    path = g.cc("ledger-sync", src)
    pid = g.run(path)
    g.wait(lambda: g.comm(pid) == "ledger-sync")
    os.unlink(path)
    g.cc("ledger-sync", src.replace("pause()", "sleep(100)"))
    g.wait(lambda: os.readlink(f"/proc/{pid}/exe").endswith("(deleted)"))
    return g.truth("deleted-executable", pid, {"exe": "ledger-sync (deleted)"})
