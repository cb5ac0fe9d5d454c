/**
 * Every code of a warning, with what it means. A warning goes to stderr and into `warnings` of the JSON documents.
 * docs/warnings.md is made from this table. Codes are public: they never change their meaning.
 */
export const WARNINGS = {
  'archive-others': 'an archive holds more than one folder shaped like /proc: the first is read',
  'backend-chosen': 'which tracer was chosen, why, and what it costs the traced process',
  'byte-order-assumed': 'the recording does not tell the byte order of its machine: little-endian is assumed',
  'children-left': 'processes of the traced command still ran when it ended: what they do later is not traced',
  'dump-cut':
    "the kernel's answer about its sockets ends too early, or changed while it was given: sockets of it may be missing",
  'ended-by-force': 'the tracer did not end when asked: what it prints at its end is missing',
  'ended-early': 'the tracer ended before it was asked to: what it counted last is missing',
  'ends-untold': 'the kernel does not tell of sockets that end: those that live between two looks are missing',
  'ends-ambiguous':
    'connections with the same addresses are on several hosts: which of them are the two ends is not known',
  'ends-one-sided': 'connections between hosts of which only one side was seen: the other had gone, or had not come',
  'ends-translated':
    'ends that agree in one address only: the other was translated on the way, and nothing recorded how',
  'error-counts-missing': 'the tracer does not tell which calls failed',
  'events-lost': 'the tracer could not be read fast enough: at least so many events are missing',
  'fail-on-unknown':
    'a condition of --fail-on cannot be answered: of some sockets it is not known whether they meet it',
  'file-missing': 'a file of /proc could not be read: what depends on it is not known',
  'files-limited': 'more files than are told apart: the rest counts for its system call only',
  'files-unreadable': 'files or folders could not be read and are recorded as such',
  'filter-mixes':
    'a filter mixes "and" and "or" without brackets, which weigh the same: the message says how it is read',
  'filter-read-so': 'a value of a filter is read as ss reads it, which may not be what is meant',
  'filter-unknown': 'sockets of which it is not known whether the filter means them: they are left out',
  'firewall-unread': 'rules of the firewall could not be read: what they publish, accept or drop is not known',
  'foreign-table': 'a table in the form of strace -c that strace did not write',
  'headers-differ': 'the tool was compiled with the headers of another kernel: its fields may be wrong',
  'host-clock': 'the clock of a host differs from the one here',
  'host-named-twice': 'two names lead to one machine: it counts once',
  'host-unanswered': 'a host gave no answer: what is its is missing',
  'hosts-apart': 'hosts were not read at one time: what changed meanwhile is seen on one side only',
  'interfaces-partial': 'facts of interfaces that neither ip(8) nor /sys of this network namespace told',
  'io-uring': 'the process uses io_uring: what that does without system calls is not counted',
  'kernel-not-asked':
    'what only the kernel tells of a socket was asked for, but it could not be asked: it is not known',
  'key-blanks': 'the tracer erases blanks from keys: different keys may look the same',
  'keys-alike': 'keys of a map that were different are printed alike',
  'keys-joined': 'the tracer joins the parts of a key with commas: a comma inside a part looks the same',
  'lines-skipped': 'lines of the input are not what they should be and were left out',
  'lines-unknown': 'lines of a tool fit nothing it is known to print: they are handed on as they are',
  'looks-differ': 'two looks are not of one boot and network namespace: only addresses of listeners were compared',
  'map-full': 'a map of the kernel was full: later keys are missing',
  'map-top': 'this version of bpftrace prints other rows than the largest of a map',
  'metrics-partial': 'a part of an answer for Prometheus could not be read: its families are missing',
  'names-unresolved': 'addresses that were not resolved to names in time',
  'namespaces-hidden': 'processes whose network namespace, or what else they hold, could not be seen',
  'namespaces-unreadable': 'network namespaces that were found and whose tables could not be read',
  'namespaces-unsearched': 'too many threads or descriptors to look at each for a network namespace that it holds',
  'no-events': 'the tool ended without a result; the message says what may be the reason',
  'output-dropped': 'the reader of the output was too slow: pieces of it are missing',
  'own-settings-only': 'the settings of other network namespaces are not recorded',
  'peers-unknown': 'the other ends of some sockets could not be looked for',
  'perf-limits': 'what perf trace cannot tell or may lose',
  'pid-namespace': 'processes outside this pid namespace cannot be seen',
  'probes-skipped': 'probes that could not be attached: what they would show is missing',
  'processes-hidden': '/proc is mounted with hidepid: processes of other users cannot be seen',
  'processes-unreadable': 'processes whose descriptors could not be read: sockets they hold have no owner here',
  'program-failed': 'the tracing program failed at run time for some events',
  'recording-cut': 'the recording ends before the run did',
  'resumed-alone': 'calls whose beginning is not in the log: they count without their arguments',
  'routes-partial': 'what /proc does not tell of routes: other tables, types, next hops, MTU',
  'rows-missing': 'a table shows fewer sockets than the kernel counts: it changed while it was read',
  'rows-unverified': 'unix rows that the name of another socket may have forged',
  'seconds-not-port': 'a plain number behind -c is the seconds between listings, not a port',
  'settings-unknown': 'settings that could not be read: what depends on them is not known',
  'setuid-ignored': 'the command is a set-user-ID program: traced by strace it runs with the rights of this user only',
  'stacks-missed': 'stacks that the tracer could not read',
  'strings-cut': 'strings longer than the tracer takes were cut',
  'table-changed': 'a table changed while it was read; it was read again',
  'table-cut': 'a table ends in the middle of a line: counts from it are lower bounds',
  'tables-missing': 'a socket table could not be read',
  'target-awaited': 'no process matches yet: those that come later are counted',
  'threads-limited': 'more threads than are told apart: those that had ended are counted together',
  'threads-uncounted': 'threads or children of the traced process whose calls the tracer did not count',
  'threads-unsearched': 'too many threads to search every one of their descriptor tables',
  'times-negative': 'a table has times below 0 (strace -O took off too much): its times are left out',
  'tool-crashed': 'the tool was ended by a signal after it had given results',
  'tool-substituted': 'another tool or job answers the question, since the one asked for cannot',
  'total-mismatch': 'the total row of a table disagrees with the sum of its rows',
  'total-missing': 'the total row of a table is missing, so nothing checks the rows',
  'tracepoints-unknown': 'tracefs could not be read: the program may name probes that this kernel does not have',
  'tracer-warning': 'what the tracer itself warns of, in its words',
  'unfinished-lost': 'unfinished calls that were never resumed and are not counted',
  'user-hz-unknown': 'the length of a clock tick is not known: history and forecast are left out',
  'values-implausible': 'rows with values that no running system has',
} as const satisfies Record<string, string>

export type WarningCode = keyof typeof WARNINGS

/** A remark about an answer: something could not be seen, or is to be taken with care. */
export interface Warning {
  code: WarningCode
  message: string
  /** What to do about it. */
  hint?: string | undefined
}
