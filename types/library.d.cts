// Written by npm run types.
/// <reference lib="esnext.disposable" />

declare const EXIT: {
	readonly done: 0;
	readonly no: 1;
	readonly usage: 2;
	readonly machine: 3;
	readonly input: 4;
	readonly tool: 5;
};
type ExitName = keyof typeof EXIT;
type ExitStatus = (typeof EXIT)[ExitName];
declare const ERRORS: {
	readonly usage: {
		readonly exit: "usage";
		readonly meaning: "the command line asks for something that does not exist or does not fit together";
	};
	readonly "not-linux": {
		readonly exit: "machine";
		readonly meaning: "this is not Linux";
	};
	readonly "no-proc": {
		readonly exit: "machine";
		readonly meaning: "/proc is not mounted, or is that of another pid namespace";
	};
	readonly "tool-missing": {
		readonly exit: "machine";
		readonly meaning: "a program that is needed is not installed";
	};
	readonly "not-permitted": {
		readonly exit: "machine";
		readonly meaning: "the kernel does not let this user do it";
	};
	readonly "no-kernel-support": {
		readonly exit: "machine";
		readonly meaning: "this kernel cannot do it";
	};
	readonly "cannot-listen": {
		readonly exit: "machine";
		readonly meaning: "the address to listen on is in use or not of this machine";
	};
	readonly "host-unanswered": {
		readonly exit: "machine";
		readonly meaning: "the host that was asked over ssh gave no answer";
	};
	readonly "no-target": {
		readonly exit: "machine";
		readonly meaning: "the process, container or cgroup to look at does not exist";
	};
	readonly "input-missing": {
		readonly exit: "input";
		readonly meaning: "a file, or an entry of a recording, is not there";
	};
	readonly "input-unreadable": {
		readonly exit: "input";
		readonly meaning: "a file cannot be read";
	};
	readonly "output-unwritable": {
		readonly exit: "input";
		readonly meaning: "a file, stdout or another stream cannot be written";
	};
	readonly "input-format": {
		readonly exit: "input";
		readonly meaning: "a file is not what it should be";
	};
	readonly "tool-failed": {
		readonly exit: "tool";
		readonly meaning: "the tool that was started failed";
	};
	readonly unexpected: {
		readonly exit: "no";
		readonly meaning: "a bug in linsight";
	};
};
export type ErrorCode = keyof typeof ERRORS;
interface ErrorFacts {
	/** What to do next, as one sentence or one command line. */
	hint?: string | undefined;
	/** The place in a line of input that is meant; text shows it with a mark below. */
	excerpt?: Excerpt | undefined;
	cause?: unknown;
}
interface Excerpt {
	line: string;
	/** Characters before the place. */
	at: number;
	length: number;
}
/** An error meant for the user: one sentence, a stable code for `--json`, and the exit status it ends with. */
export declare class LinsightError<Code extends ErrorCode = ErrorCode> extends Error {
	readonly code: Code;
	readonly exit: ExitStatus;
	readonly hint: string | undefined;
	readonly excerpt: Excerpt | undefined;
	constructor(code: Code, message: string, facts?: ErrorFacts);
}
type CodeOf<Name extends ExitName> = {
	[Code in ErrorCode]: (typeof ERRORS)[Code]["exit"] extends Name ? Code : never;
}[ErrorCode];
/** Exit 2. */
export declare class UsageError extends LinsightError {
	constructor(message: string, facts?: ErrorFacts);
}
/** Exit 3. */
export declare class MachineError extends LinsightError<CodeOf<"machine">> {
}
/** Exit 4. */
export declare class InputError extends LinsightError<CodeOf<"input">> {
}
/** Exit 5. */
export declare class ToolError extends LinsightError {
	constructor(message: string, facts?: ErrorFacts);
}
declare const WARNINGS: {
	readonly "archive-others": "an archive holds more than one folder shaped like /proc: the first is read";
	readonly "backend-chosen": "which tracer was chosen, why, and what it costs the traced process";
	readonly "byte-order-assumed": "the recording does not tell the byte order of its machine: little-endian is assumed";
	readonly "children-left": "processes of the traced command still ran when it ended: what they do later is not traced";
	readonly "dump-cut": "the kernel's answer about its sockets ends too early, or changed while it was given: sockets of it may be missing";
	readonly "ended-by-force": "the tracer did not end when asked: what it prints at its end is missing";
	readonly "ended-early": "the tracer ended before it was asked to: what it counted last is missing";
	readonly "ends-untold": "the kernel does not tell of sockets that end: those that live between two looks are missing";
	readonly "ends-ambiguous": "connections with the same addresses are on several hosts: which of them are the two ends is not known";
	readonly "ends-one-sided": "connections between hosts of which only one side was seen: the other had gone, or had not come";
	readonly "ends-translated": "ends that agree in one address only: the other was translated on the way, and nothing recorded how";
	readonly "error-counts-missing": "the tracer does not tell which calls failed";
	readonly "events-lost": "the tracer could not be read fast enough: at least so many events are missing";
	readonly "fail-on-unknown": "a condition of --fail-on cannot be answered: of some sockets it is not known whether they meet it";
	readonly "file-missing": "a file of /proc could not be read: what depends on it is not known";
	readonly "files-limited": "more files than are told apart: the rest counts for its system call only";
	readonly "files-unreadable": "files or folders could not be read and are recorded as such";
	readonly "filter-mixes": "a filter mixes \"and\" and \"or\" without brackets, which weigh the same: the message says how it is read";
	readonly "filter-read-so": "a value of a filter is read as ss reads it, which may not be what is meant";
	readonly "filter-unknown": "sockets of which it is not known whether the filter means them: they are left out";
	readonly "firewall-unread": "rules of the firewall could not be read: what they publish, accept or drop is not known";
	readonly "foreign-table": "a table in the form of strace -c that strace did not write";
	readonly "headers-differ": "the tool was compiled with the headers of another kernel: its fields may be wrong";
	readonly "host-clock": "the clock of a host differs from the one here";
	readonly "host-named-twice": "two names lead to one machine: it counts once";
	readonly "host-unanswered": "a host gave no answer: what is its is missing";
	readonly "hosts-apart": "hosts were not read at one time: what changed meanwhile is seen on one side only";
	readonly "interfaces-partial": "facts of interfaces that neither ip(8) nor /sys of this network namespace told";
	readonly "io-uring": "the process uses io_uring: what that does without system calls is not counted";
	readonly "kernel-not-asked": "what only the kernel tells of a socket was asked for, but it could not be asked: it is not known";
	readonly "key-blanks": "the tracer erases blanks from keys: different keys may look the same";
	readonly "keys-alike": "keys of a map that were different are printed alike";
	readonly "keys-joined": "the tracer joins the parts of a key with commas: a comma inside a part looks the same";
	readonly "lines-skipped": "lines of the input are not what they should be and were left out";
	readonly "lines-unknown": "lines of a tool fit nothing it is known to print: they are handed on as they are";
	readonly "looks-differ": "two looks are not of one boot and network namespace: only addresses of listeners were compared";
	readonly "map-full": "a map of the kernel was full: later keys are missing";
	readonly "map-top": "this version of bpftrace prints other rows than the largest of a map";
	readonly "metrics-partial": "a part of an answer for Prometheus could not be read: its families are missing";
	readonly "names-unresolved": "addresses that were not resolved to names in time";
	readonly "namespaces-hidden": "processes whose network namespace, or what else they hold, could not be seen";
	readonly "namespaces-unreadable": "network namespaces that were found and whose tables could not be read";
	readonly "namespaces-unsearched": "too many threads or descriptors to look at each for a network namespace that it holds";
	readonly "no-events": "the tool ended without a result; the message says what may be the reason";
	readonly "output-dropped": "the reader of the output was too slow: pieces of it are missing";
	readonly "own-settings-only": "the settings of other network namespaces are not recorded";
	readonly "peers-unknown": "the other ends of some sockets could not be looked for";
	readonly "perf-limits": "what perf trace cannot tell or may lose";
	readonly "pid-namespace": "processes outside this pid namespace cannot be seen";
	readonly "probes-skipped": "probes that could not be attached: what they would show is missing";
	readonly "processes-hidden": "/proc is mounted with hidepid: processes of other users cannot be seen";
	readonly "processes-unreadable": "processes whose descriptors could not be read: sockets they hold have no owner here";
	readonly "program-failed": "the tracing program failed at run time for some events";
	readonly "recording-cut": "the recording ends before the run did";
	readonly "resumed-alone": "calls whose beginning is not in the log: they count without their arguments";
	readonly "routes-partial": "what /proc does not tell of routes: other tables, types, next hops, MTU";
	readonly "rows-missing": "a table shows fewer sockets than the kernel counts: it changed while it was read";
	readonly "rows-unverified": "unix rows that the name of another socket may have forged";
	readonly "seconds-not-port": "a plain number behind -c is the seconds between listings, not a port";
	readonly "settings-unknown": "settings that could not be read: what depends on them is not known";
	readonly "setuid-ignored": "the command is a set-user-ID program: traced by strace it runs with the rights of this user only";
	readonly "stacks-missed": "stacks that the tracer could not read";
	readonly "strings-cut": "strings longer than the tracer takes were cut";
	readonly "table-changed": "a table changed while it was read; it was read again";
	readonly "table-cut": "a table ends in the middle of a line: counts from it are lower bounds";
	readonly "tables-missing": "a socket table could not be read";
	readonly "target-awaited": "no process matches yet: those that come later are counted";
	readonly "threads-limited": "more threads than are told apart: those that had ended are counted together";
	readonly "threads-uncounted": "threads or children of the traced process whose calls the tracer did not count";
	readonly "threads-unsearched": "too many threads to search every one of their descriptor tables";
	readonly "times-negative": "a table has times below 0 (strace -O took off too much): its times are left out";
	readonly "tool-crashed": "the tool was ended by a signal after it had given results";
	readonly "tool-substituted": "another tool or job answers the question, since the one asked for cannot";
	readonly "total-mismatch": "the total row of a table disagrees with the sum of its rows";
	readonly "total-missing": "the total row of a table is missing, so nothing checks the rows";
	readonly "tracepoints-unknown": "tracefs could not be read: the program may name probes that this kernel does not have";
	readonly "tracer-warning": "what the tracer itself warns of, in its words";
	readonly "unfinished-lost": "unfinished calls that were never resumed and are not counted";
	readonly "user-hz-unknown": "the length of a clock tick is not known: history and forecast are left out";
	readonly "values-implausible": "rows with values that no running system has";
};
export type WarningCode = keyof typeof WARNINGS;
/** A remark about an answer: something could not be seen, or is to be taken with care. */
export interface Warning {
	code: WarningCode;
	message: string;
	/** What to do about it. */
	hint?: string | undefined;
}
type Endianness = "little" | "big";
interface Envelope {
	/** What it is, and the version of its form; a change that breaks readers raises the number. */
	schema: string;
	/** Name of the machine the facts are from; absent where a recording does not tell. */
	host?: string | undefined;
	/** When the facts were read; ISO 8601, UTC. */
	takenAt?: string | undefined;
	/** `live`, or the path of the recording. */
	source: string;
}
interface Remarks<Unreadable = Record<string, never>> {
	/** What is partial or to be read with care. */
	warnings: readonly Warning[];
	/** What could not be read; of most documents nothing, else they say in which form. */
	unreadable: Unreadable;
}
declare const SEVERITIES: readonly [
	"critical",
	"warning",
	"info",
	"ok",
	"unknown"
];
export type Severity = (typeof SEVERITIES)[number];
interface Culprit {
	pid?: number | undefined;
	tid?: number | undefined;
	/** Name of the task, at most 15 bytes. */
	comm?: string | undefined;
	cmdline?: string | undefined;
	container?: string | undefined;
	unit?: string | undefined;
}
/** One conclusion with what it rests on: an advice, a finding about a profile, a check of the machine, a diagnosis. */
export interface Statement {
	/** Stable and kebab-case, for programs. */
	code: string;
	severity: Severity;
	culprit?: Culprit | undefined;
	/** What it is, in one sentence; may hold byte strings. */
	finding: string;
	/** The numbers and facts it rests on. */
	evidence: readonly string[];
	/** What helps, best first. */
	do: readonly string[];
	/** What is often recommended and does not help, with the reason. */
	not: readonly string[];
}
declare const CAUSES: {
	readonly "unix-queue-full": "a program waits because the reader of a unix socket does not read";
	readonly "local-ports-exhausted": "a client has no free local port left towards a destination";
	readonly "connection-refused": "a client connects to where nobody listens";
	readonly "dns-timeout": "a name server does not answer";
	readonly "dns-nxdomain": "a program asks for names that do not exist, over and over";
	readonly "busy-poll": "a program asks again and again for what is not there";
	readonly "lock-contention": "the threads of a program fight for a lock";
	readonly "tiny-io": "a program reads or writes a few bytes a call";
	readonly "enoent-storm": "a program looks for files that do not exist, over and over";
	readonly "wakeup-storm": "a program wakes up thousands of times a second by a timer";
	readonly "fork-storm": "a program starts processes at a high rate";
	readonly "cpu-hog": "a thread uses a processor all the time and moves no data";
	readonly "cpu-throttled": "a container may use less processor time than it needs";
	readonly "oom-kill": "the kernel killed a process because memory ran out";
	readonly "crash-loop": "a program crashes, is started again, and crashes";
	readonly zombies: "a process does not wait for its children that have ended";
	readonly "stopped-process": "a process has been stopped and not continued";
	readonly "frozen-cgroup": "a container is frozen";
	readonly "fd-exhausted": "a process has as many descriptors open as it may";
	readonly "inotify-exhausted": "a user has used up instances or watches of inotify";
	readonly "pids-limit": "a container may start no more processes or threads";
	readonly "nproc-limit": "a user may start no more processes or threads";
	readonly "disk-full": "a filesystem has no space left";
	readonly "inodes-exhausted": "a filesystem can hold no more files";
	readonly "deleted-file-space": "a deleted file that is still open holds the space of a filesystem";
	readonly "fsync-storm": "a program makes the disk write after every small change";
	readonly "disk-hog": "one process keeps a disk busy while others wait for it";
	readonly "runaway-log": "a program writes its log at a high rate";
	readonly "memory-limit-pressure": "a container hits its memory limit all the time";
	readonly "major-faults": "a process reads its own memory back from disk";
	readonly "memory-growth": "the memory of a process grows without a pause";
	readonly "file-lock-wait": "processes wait for a file lock that another one keeps";
	readonly "pipe-full": "a program waits because the reader of its pipe does not read";
	readonly "fuse-not-answering": "a filesystem in user space does not answer";
	readonly "blocked-in-kernel": "a process waits in the kernel and cannot be interrupted";
	readonly "accept-queue-full": "more connections wait for accept() than the listener takes: clients are turned away";
	readonly "accept-queue-not-served": "connections wait for accept(), and nobody called it between two looks";
	readonly "reuseport-member-stuck": "one of several sockets on a port does not accept, the others do";
	readonly "syn-backlog": "half-open connections pile up at a listener, or its queue of them is full";
	readonly "listener-shadowed": "a listener on one address takes the connections of a program that listens on all";
	readonly "deleted-executable": "a process still runs a program whose file was replaced";
	readonly "connect-timeout": "a client gets no answer while it connects";
	readonly "reader-stuck": "a program does not read what has arrived";
	readonly "peer-zero-window": "the other side does not read, so nothing can be sent";
	readonly "close-wait-leak": "a program does not close connections that the other side has closed";
	readonly "fin-wait2-pile": "a program waits for the other side to close";
	readonly retransmits: "segments are lost, or a peer does not answer";
	readonly "udp-receive-drops": "datagrams are dropped because the program does not read them fast enough";
	readonly "tcp-orphans": "connections that no process holds come near their limit on this machine";
	readonly "tcp-memory": "TCP uses so much memory on this machine that the kernel saves it";
	readonly "port-taken": "a program cannot bind a port because another one has it";
	readonly "port-in-time-wait": "a program cannot bind a port whose old connections are in TIME_WAIT";
	readonly "inherited-listener": "a process holds a listening socket that it inherited, and never accepts";
};
export type Cause = keyof typeof CAUSES;
interface NotLooked {
	/** `failed calls`, `descriptors of other users` … */
	what: string;
	why: string;
	/** What mends it. */
	hint?: string | undefined;
	causes: string[];
}
interface Named extends Culprit {
	/** ISO 8601, UTC: with the pid it names a process for ever. */
	startedAt?: string | undefined;
	netns?: string | undefined;
}
interface Measure {
	what: string;
	value: number | string;
	unit?: string | undefined;
	threshold?: number | undefined;
	/** Kernel file or tracepoint. */
	source?: string | undefined;
}
interface Finding extends Statement {
	cause: Cause;
	/** The first of `culprits`; its pid is absent where only the name is known. */
	culprit?: Named | undefined;
	culprits: Named[];
	/** Who suffers. */
	victims: Named[];
	/** Processes at the other end that may be the reason: where they have a finding of their own, this one follows from it. */
	towards: Named[];
	/** What the victims see. */
	suffering?: string | undefined;
	measures: Measure[];
	/** What the culprit is doing, where that could be seen. */
	doing?: string | undefined;
	/** A command of linsight that shows more. */
	more?: string | undefined;
	/** The filesystem it is about. */
	place?: string | undefined;
	/** How many suffer or how often it happens: orders findings of one severity. */
	reach: number;
	/** Whatever else is wrong with the same program explains it. */
	mayFollow?: boolean | undefined;
	/** Findings that are only a consequence of this one. */
	consequences: Finding[];
}
interface DiagnosisReport {
	verdict: Extract<Severity, "critical" | "warning"> | "nothing-found";
	durationMs: number;
	findings: Finding[];
	/** Findings that are not accusations. */
	notes: Finding[];
	looked: {
		processes: number;
		sockets: number;
		namespaces: number;
		failedCalls: number | undefined;
		tracing: boolean;
	};
	notLooked: NotLooked[];
	unreadable: Record<string, number>;
}
interface Scope {
	pid?: number | undefined;
	unit?: string | undefined;
	container?: string | undefined;
	cgroup?: string | undefined;
}
/** One finding, most important first; a `Statement` with more facts. */
export interface FindingJson {
	/** Slug of the cause: `accept-queue-full`. */
	cause: Cause;
	/** The same, as every statement has it. */
	code: string;
	severity: Severity;
	/** Goes on behind the name of the culprit. */
	finding: string;
	culprit?: Named | undefined;
	culprits: Named[];
	victims: Named[];
	/** What the victims see. */
	suffering?: string | undefined;
	evidence: readonly string[];
	measures: Measure[];
	/** What the culprit is doing. */
	doing?: string | undefined;
	do: readonly string[];
	not: readonly string[];
	/** A command that shows more. */
	more?: string | undefined;
	/** How many suffer or how often it happens. */
	reach: number;
	consequences: FindingJson[];
}
/** Document of `linsight diagnose`. */
export interface DiagnoseDocument extends Envelope, Remarks<Record<string, number>> {
	schema: "linsight/diagnose/1";
	verdict: DiagnosisReport["verdict"];
	durationMs: number;
	findings: FindingJson[];
	/** Worth knowing, and no accusation. */
	notes: FindingJson[];
	looked: DiagnosisReport["looked"];
	notLooked: NotLooked[];
	/** errno name → processes whose descriptors were refused. */
	unreadable: Record<string, number>;
}
/** What a program asks of a diagnosis; `pid`, `unit`, `container` or `cgroup`: only what concerns that. */
export interface DiagnoseQuery extends Scope {
	/** How long to look at a machine that runs; 5 000 where absent, at least 2 000. */
	durationMs?: number | undefined;
	/** Count system calls that fail, where this machine lets us (root; bpftrace, or tracefs for less); `true` where absent. */
	trace?: boolean | undefined;
}
type LabelKind = "name" | "first" | "pod" | "container" | "given-name" | "unit" | "program" | "thread" | "mount" | "descriptor" | "recording" | "none";
interface ProcessName {
	pid: number;
	/** As {@link programName} calls it: a byte string, which documents have escaped. */
	program: string;
	/** The process was gone before it could be looked at: `program` is what one of its threads called itself. */
	isThreadName?: true | undefined;
}
type HeldBy = "fd"
/** A file descriptor of one thread that no longer shares the table of its process. */
 | "thread"
/** Registered with an io_uring: no descriptor at all. */
 | "io_uring";
declare const INET_TABLES: readonly [
	"tcp",
	"tcp6",
	"udp",
	"udp6",
	"udplite",
	"udplite6",
	"raw",
	"raw6",
	"icmp",
	"icmp6"
];
declare const MPTCP_TABLES: readonly [
	"mptcp",
	"mptcp6"
];
type InetTable = (typeof INET_TABLES)[number] | (typeof MPTCP_TABLES)[number];
type TableName = InetTable | "unix" | "packet" | "netlink" | "sctp";
interface TcpInfo {
	state: number;
	/** What the congestion control does: 0 open, 1 disorder, 2 CWR, 3 recovery, 4 loss. */
	caState: number;
	/** Of the segment that is sent again now. */
	retransmits: number;
	probes: number;
	backoff: number;
	/** What was agreed on: 1 timestamps, 2 SACK, 4 window scaling, 8 ECN, 16 ECN seen, 32 data in SYN, 64 timestamps in µs. */
	options: number;
	sndWscale: number;
	rcvWscale: number;
	/** The last delivery rate was limited by what the application gave. */
	deliveryRateAppLimited: boolean;
	fastopenClientFail: number;
	rtoUs?: number | undefined;
	atoUs?: number | undefined;
	sndMssBytes?: number | undefined;
	rcvMssBytes?: number | undefined;
	/** Segments sent and not acknowledged; of a listener the connections that wait for accept(). */
	unacked?: number | undefined;
	/** Segments; of a listener the limit of that queue. */
	sacked?: number | undefined;
	lost?: number | undefined;
	/** Segments sent again and not acknowledged yet. */
	retrans?: number | undefined;
	fackets?: number | undefined;
	lastDataSentMs?: number | undefined;
	lastAckSentMs?: number | undefined;
	lastDataRecvMs?: number | undefined;
	lastAckRecvMs?: number | undefined;
	pmtuBytes?: number | undefined;
	rcvSsthreshBytes?: number | undefined;
	/** Undefined until it was measured. */
	rttUs?: number | undefined;
	rttvarUs?: number | undefined;
	/** Segments; undefined while it is without bound. */
	sndSsthresh?: number | undefined;
	/** Segments. */
	sndCwnd?: number | undefined;
	advmssBytes?: number | undefined;
	reordering?: number | undefined;
	rcvRttUs?: number | undefined;
	rcvSpaceBytes?: number | undefined;
	/** Segments sent again since the connection was made. */
	totalRetrans?: number | undefined;
	pacingRateBytesPerSecond?: number | undefined;
	maxPacingRateBytesPerSecond?: number | undefined;
	bytesAcked?: number | undefined;
	bytesReceived?: number | undefined;
	segsOut?: number | undefined;
	segsIn?: number | undefined;
	/** Given by the application and not sent yet. */
	notsentBytes?: number | undefined;
	minRttUs?: number | undefined;
	dataSegsIn?: number | undefined;
	dataSegsOut?: number | undefined;
	deliveryRateBytesPerSecond?: number | undefined;
	/** Time with data to send. */
	busyTimeUs?: number | undefined;
	/** … of it held up by the window of the receiver. */
	rwndLimitedUs?: number | undefined;
	/** … of it held up by the send buffer. */
	sndbufLimitedUs?: number | undefined;
	delivered?: number | undefined;
	deliveredCe?: number | undefined;
	bytesSent?: number | undefined;
	bytesRetrans?: number | undefined;
	dsackDups?: number | undefined;
	reordSeen?: number | undefined;
	rcvOoopack?: number | undefined;
	/** The window that the peer announced. */
	sndWndBytes?: number | undefined;
	rcvWndBytes?: number | undefined;
	rehash?: number | undefined;
	totalRto?: number | undefined;
	totalRtoRecoveries?: number | undefined;
	totalRtoTimeMs?: number | undefined;
	receivedCe?: number | undefined;
	deliveredE1Bytes?: number | undefined;
	deliveredE0Bytes?: number | undefined;
	deliveredCeBytes?: number | undefined;
	receivedE1Bytes?: number | undefined;
	receivedE0Bytes?: number | undefined;
	receivedCeBytes?: number | undefined;
	/** Bits of AccECN: mode, option seen, option failed. */
	ecnMode?: number | undefined;
}
interface SocketMemory {
	receivedBytes: number;
	receiveLimitBytes: number;
	sentBytes: number;
	sendLimitBytes: number;
	forwardBytes: number;
	queuedBytes: number;
	optionBytes: number;
	backlogBytes: number;
	/** Packets dropped for lack of room; kernels since 4.7. */
	drops?: number | undefined;
}
declare const PEER_KINDS: {
	readonly connected: "the other end is on this machine";
	readonly "not-accepted": "it is connected to a listener of this machine that has not accepted it; `listeners` have to";
	readonly "one-way": "what it sends reaches `ends`, or `ends` send to it; the other direction has no connection";
	readonly ambiguous: "one of `ends`, and nothing tells which";
	readonly "not-here": "no socket that could be seen is its other end: it is on another machine, or gone";
	readonly "not-known": "only the kernel tells, and it could not be asked";
};
type PeerKind = keyof typeof PEER_KINDS;
type Ownerless = 
/** The kernel keeps it until old segments have expired; its process has closed it. */
{
	reason: "time-wait";
}
/** Established, but the listener has not called accept() yet. */
 | {
	reason: "accept-queue";
	listenerPids: number[];
}
/** Half-way through the handshake. */
 | {
	reason: "syn-queue";
	listenerPids: number[];
}
/** Closed by its process; the kernel finishes the conversation. */
 | {
	reason: "orphan";
}
/** Made by the kernel itself (nfsd, wireguard, netlink). */
 | {
	reason: "kernel";
}
/** Sent over a unix socket and not received yet; the processes that hold such a socket. */
 | {
	reason: "in-flight";
	candidatePids: number[];
}
/**
 * The descriptors of some processes could not be read, so one of them holds it; `perhaps` where the kernel itself may,
 * or the process may have ended while a recording was made.
 */
 | {
	reason: "hidden";
	perhaps?: true;
}
/** Only the processes of a pid namespace are visible: perhaps one outside holds it. */
 | {
	reason: "outside-pid-namespace";
}
/** It had gone when the tables were read once more: closed, or its process ended. */
 | {
	reason: "gone";
}
/** The recording holds no descriptors. */
 | {
	reason: "not-recorded";
}
/** No process holds it, and all were searched: the kernel's own, or in a recording perhaps closed meanwhile. */
 | {
	reason: "none-found";
};
interface MissingTable {
	table: TableName;
	/** errno name. */
	code: string;
}
interface UnlistedSocket {
	/** A string, because it may exceed 2^53. */
	inode: string;
	pids: number[];
	/** Network namespace of the first of these processes, `net:[4026531840]`; where it is another one, so may the socket be. */
	netns?: string | undefined;
}
interface NamespaceNameJson {
	/** `net:[4026531840]`; `net:?[N]` where the number is not known. */
	netns: string;
	/** Number of the namespace; absent where it is not known. It is given to another one when this one is gone. */
	inode?: string | undefined;
	label: string;
	/** What the label was made from. */
	kind: LabelKind;
	/** Id or name of the container. */
	container?: string | undefined;
	/** Id of the pod. */
	pod?: string | undefined;
	/** What the kubelet of this node calls that pod: `shop/web-7d9f`. */
	podName?: string | undefined;
	/** systemd unit. */
	unit?: string | undefined;
}
interface NamespaceFactsJson extends NamespaceNameJson {
	/** What runs the container: docker, containerd, cri-o, podman, lxc, machine … */
	runtime?: string | undefined;
	/** Names that ip-netns(8) knows. */
	names: string[];
	/** Its oldest process, of a container where one is in it: pid here, pid in its own pid namespace where that is another, and program. */
	pid?: number | undefined;
	pidInside?: number | undefined;
	program?: string | undefined;
	/** The namespace of the reader. */
	own: boolean;
	/** Of the kernel, never given twice until the next boot. */
	cookie?: string | undefined;
	/** When the oldest process started, in clock ticks since boot. */
	oldestStartTicks?: number | undefined;
	/** How many processes, and threads of processes of other namespaces, are in it, and descriptors of it there are. */
	processes: number;
	threads: number;
	descriptors: number;
	/** Where it is mounted. */
	mounts: string[];
}
interface FailOnJson {
	/** As it was given. */
	condition: string;
	/** `unknown`: as far as can be seen it is not met, but not all can be seen. */
	answer: "met" | "not-met" | "unknown";
	/** Sockets that the filter selects. */
	sockets: number;
	/** Sockets of which it is not known whether it does. */
	unknownSockets: number;
	/** Of a condition with `by`: the groups above the limit, most sockets first. */
	groups?: {
		values: (string | null)[];
		sockets: number;
	}[] | undefined;
}
interface PublishingJson {
	/** It takes connections for somebody else: where they lead. */
	leadsTo?: PublishedPortJson[] | undefined;
	/** It answers connections to these ports of the machine. */
	publishedAs?: PublishedPortJson[] | undefined;
	/** No socket at all: a rule of the firewall takes the connections. */
	withoutSocket?: true | undefined;
}
interface PublishedPortJson {
	/** tcp, udp …; absent where it is every protocol. */
	protocol?: string | undefined;
	/** 4 or 6; absent where both. */
	family?: 4 | 6 | undefined;
	/** Address that others connect to; absent where it is any of the machine. */
	address?: string | undefined;
	/** Absent where it is every port. */
	firstPort?: number | undefined;
	lastPort?: number | undefined;
	/** Sockets of the machine that listen there. */
	inodes: string[];
	to: PublishedToJson;
	/** What speaks for it, the strongest first. */
	evidence: PublishedEvidenceJson[];
	/** Namespaces that have the address, and who answers there; several namespaces where it is not known which is meant. */
	answers: PublishedAnswerJson[];
}
interface PublishedToJson {
	address?: string | undefined;
	/** Absent where it is not told. */
	port?: number | undefined;
	/** Another port of the same machine. */
	self?: true | undefined;
	/** A unix socket. */
	path?: string | undefined;
	/** The address is as this other machine sees it. */
	through?: string | undefined;
	/** Why it cannot be followed. */
	unfollowed?: string | undefined;
}
interface PublishedEvidenceJson {
	/**
	 * proxy: a process listens and was told where to. rule: the firewall changes the destination. flow: a connection took
	 * this way. arguments: a process listens whose arguments tell only in part where to.
	 */
	kind: "proxy" | "rule" | "flow" | "arguments";
	/** docker-proxy, nft, iptables-nft, iptables-legacy, conntrack … */
	by: string;
	pid?: number | undefined;
	/** Where the rule stands. */
	where?: string | undefined;
	/** The rule. */
	rule?: string | undefined;
	/** It holds for some connections only. */
	only?: readonly string[] | undefined;
}
interface PublishedAnswerJson {
	/** `net:[4026531840]`. */
	netns: string;
	label: string;
	/** The socket that answers there; absent where nothing listens on that port. */
	listener?: PublishedListenerJson | undefined;
}
interface PublishedListenerJson {
	inode: string;
	address: string;
	port: number;
	owners: PublishedOwnerJson[];
}
interface PublishedOwnerJson {
	pid: number;
	program: string;
	/** Its pid in the innermost pid namespace, where that is another. */
	pidInside?: number | undefined;
	container?: string | undefined;
	unit?: string | undefined;
}
declare const LIMITED_BY: {
	readonly receiver: "half of the time with data to send or more, the window of the receiver held it up, or it is closed now";
	readonly "send-buffer": "half of the time with data to send or more, the send buffer of the socket held it up";
	readonly application: "the application gave less than could be sent, or nothing at all";
	readonly network: "none of these: what the network took at once";
};
type LimitedBy = keyof typeof LIMITED_BY;
declare const SHUTDOWN: readonly [
	"none",
	"receive",
	"send",
	"both"
];
type ShutdownJson = (typeof SHUTDOWN)[number];
/** Names that are not UTF-8 are escaped and have a twin `…Base64` with the bytes. */
export interface ProcessJson {
	pid: number;
	program?: string;
	programBase64?: string;
	/** Name of the executable as the kernel keeps it, at most 15 bytes. */
	comm?: string;
	commBase64?: string;
	args?: string[];
	/** The arguments, each ended by NUL but the last. */
	argsBase64?: string;
	exe?: string;
	exeBase64?: string;
	exeDeleted?: boolean | undefined;
	uid?: number | undefined;
	effectiveUid?: number | undefined;
	parentPid?: number | undefined;
	/** ISO 8601, UTC. */
	startedAt?: string | undefined;
	/** Clock ticks since boot. */
	startTicks?: number | undefined;
	cgroup?: string;
	cgroupBase64?: string;
	/** systemd unit. */
	unit?: string;
	unitBase64?: string;
	container?: string;
	containerBase64?: string;
	/** Pids in nested pid namespaces, outermost first. */
	namespacePids?: number[] | undefined;
	netns?: string | undefined;
}
/** A process that holds a socket. */
export interface OwnerJson extends ProcessJson {
	fds: number[];
	heldBy: HeldBy;
	/** Threads, where one thread alone holds it. */
	tids?: number[] | undefined;
}
declare const TCP_TIMER_NAMES: readonly [
	"off",
	"retransmit",
	"keepalive",
	"time-wait",
	"zero-window-probe"
];
type TcpTimerName = (typeof TCP_TIMER_NAMES)[number] | `unknown-${number}`;
type InetProtocol = `${"tcp" | "udp" | "udpl" | "raw" | "icmp" | "mptcp"}${"" | "6"}`;
interface InetSocketJson {
	protocol: InetProtocol;
	/** `ESTABLISHED`, `LISTEN`, `TIME_WAIT` …; empty for a socket of udp or raw that is not connected. */
	state: string;
	localAddress: string;
	localPort: number;
	remoteAddress: string;
	remotePort: number;
	/** Bytes received and not read yet; not of a TCP listener. */
	rxQueueBytes?: number | undefined;
	/** Of a TCP listener: connections that wait for accept(). */
	acceptQueueConnections?: number | undefined;
	/** Bytes sent and not acknowledged yet. */
	txQueueBytes: number;
	/** What the kernel waits for. */
	timer: TcpTimerName;
	/** Seconds until the timer fires. */
	timerSeconds: number;
	/** Times that data was sent again without an answer. */
	retransmits: number;
	/** Unanswered probes. */
	probes: number;
	/** Who created the socket; absent where the kernel no longer knows. */
	uid?: number | undefined;
	refs?: number | undefined;
	/** Datagrams dropped for lack of buffer; not in tcp. */
	drops?: number | undefined;
}
interface UnixSocketJson {
	protocol: "unix";
	state: string;
	type: string | number;
	flags: number;
	refs?: number | undefined;
	/** Bytes received and not read yet; of a socket that does not listen, where the kernel was asked. */
	rxQueueBytes?: number | undefined;
	/** Bytes sent and not read yet by the other end. */
	txQueueBytes?: number | undefined;
	/** Of a listener: connections that wait for accept(). */
	acceptQueueConnections?: number | undefined;
	/** `@` leads an abstract name. Escaped where it is not UTF-8. */
	path?: string;
	/** The bytes of a `path` that is not UTF-8. */
	pathBase64?: string;
}
interface PacketSocketJson {
	protocol: "packet";
	type: number;
	etherType: number;
	/** 0 is every interface. */
	interfaceIndex: number;
	running?: boolean | undefined;
	rxQueueBytes: number;
	uid: number;
	refs?: number | undefined;
}
interface NetlinkSocketJson {
	protocol: "netlink";
	family: number;
	portId: number;
	groups: number;
	rxQueueBytes: number;
	txQueueBytes: number;
	drops?: number | undefined;
}
interface SctpSocketJson {
	protocol: "sctp";
	kind: "endpoint" | "association";
	state: string;
	localAddresses: string[];
	localPort: number;
	remoteAddresses: string[];
	remotePort: number;
	rxQueueBytes: number;
	txQueueBytes: number;
	uid: number;
}
interface PeerJson {
	kind: PeerKind;
	/** The other end, or candidates of which one is it; empty where none was found. */
	ends: PeerEndJson[];
	/** Listeners that have to accept the connection. */
	listeners?: PeerEndJson[] | undefined;
	/** Addresses were translated on the way (NAT). */
	translated?: true | undefined;
}
interface PeerEndJson {
	protocol: string;
	/** "0" where no file stands for the socket. */
	inode: string;
	state: string;
	localAddress?: string | undefined;
	localPort?: number | undefined;
	/** Of a unix socket; `@` leads an abstract name. */
	path?: string | undefined;
	/** The network namespace it is in. */
	netns?: NamespaceNameJson | undefined;
	owners: PeerOwnerJson[];
}
interface PeerOwnerJson {
	pid: number;
	program: string;
}
/** One socket of the document `linsight/sockets/1`. */
export type SocketJson = SocketCommonJson & (InetSocketJson | UnixSocketJson | PacketSocketJson | NetlinkSocketJson | SctpSocketJson);
interface SocketCommonJson extends PublishingJson {
	/** A string, because it may exceed 2^53; "0" where no file stands for the socket. */
	inode: string;
	/** Of a listener on `::`: whether it takes IPv4 too. Absent where that is not known. */
	takesIpv4?: boolean;
	takesIpv4Evidence?: string;
	/** Number of the socket, decimal, never given twice since boot: the same from ESTABLISHED to TIME_WAIT. */
	cookie?: string;
	/** Of an IPv6 socket that waits for others: takes no IPv4. */
	v6only?: boolean;
	/** The interface it is bound to; of a packet socket 0 is every one. */
	interfaceIndex?: number;
	/** Name of that interface, where it has an address. */
	interface?: string;
	/** SO_MARK, 0 where there is none; only root is told. */
	mark?: number;
	/** Inode of the folder of its cgroup (version 2), decimal. */
	cgroupId?: string;
	/** Directions that are shut. */
	shutdown?: ShutdownJson;
	/** Name of the congestion control. */
	congestion?: string;
	memory?: SocketMemory;
	/** Of a listener: how many connections may wait for accept(); one more is taken before others are refused. */
	acceptQueueLimit?: number;
	/** More connections wait than that limit: new ones are refused. */
	acceptQueueFull?: boolean;
	/** With `--tcp-info` (`tcpInfo`): struct tcp_info of the kernel. */
	tcpInfo?: TcpInfo;
	/** With `--tcp-info` (`tcpInfo`): what holds up the sender. */
	limitedBy?: LimitedBy;
	/** Of a connected unix socket: inode of the other end; "0" until its listener accepts it. */
	peerInode?: string;
	/** Of a unix listener: inodes of the clients that wait to be accepted. */
	waitingInodes?: readonly string[];
	/** Where sockets of a named network namespace, or of several, are shown: which it is. */
	netns?: NamespaceNameJson;
	/** The row may be part of the name of another socket. */
	unverified?: true;
	/** Every process that holds the socket. */
	owners?: OwnerJson[];
	/** Why there is no owner. */
	ownerless?: Ownerless;
	/** With `--peer` (`peers`): its other end; absent where it is connected to nothing. */
	peer?: PeerJson;
}
/** Document of `mynetstat`: the sockets that were asked for. */
export interface SocketsDocument extends Envelope, Remarks<Record<string, number>> {
	schema: "linsight/sockets/1";
	sockets: SocketJson[];
	/** The filter as it was read, and how many sockets it could not be answered for: those are left out. */
	filter?: FilterJson | undefined;
	/** The answer to each `--fail-on`. */
	failOn?: FailOnJson[] | undefined;
	/** With `--all-netns` or `--netns`: the network namespaces that were read. */
	namespaces?: NamespaceJson[] | undefined;
	/**
	 * How many sockets processes hold that no table lists: not bound, of another kind (vsock, xdp …) or namespace. With
	 * `--all-netns` only where `--unlisted` asks for it.
	 */
	unlistedSockets?: number | undefined;
	/** Which they are; with `--unlisted` only: they may be very many. */
	unlisted?: UnlistedSocket[] | undefined;
	/** Socket tables that could not be read. */
	missingTables: MissingTable[];
	/** Rows that stood twice in one read and were merged. */
	duplicateRows: number;
	/** Rows that the first read missed and a later one found. */
	recoveredRows: number;
	/** Processes whose descriptors were read. */
	processes?: number | undefined;
	/** errno name → processes whose descriptors were refused. */
	unreadable: Record<string, number>;
}
interface NamespaceJson extends NamespaceFactsJson {
	/** How many of the sockets are its. */
	sockets: number;
}
interface FilterJson {
	expression: string;
	unknownSockets: number;
}
declare const SOCKET_PROTOCOLS: readonly [
	"tcp",
	"udp",
	"udplite",
	"mptcp",
	"sctp",
	"raw",
	"unix",
	"packet",
	"netlink"
];
export type SocketProtocol = (typeof SOCKET_PROTOCOLS)[number];
/** What a program asks of sockets. Everything is optional: without it all sockets that netstat knows are meant. */
export interface SocketQuery {
	/** `raw` stands for ping sockets, too. Absent: tcp, udp, udplite, sctp, raw and unix. */
	protocols?: readonly SocketProtocol[] | undefined;
	/** Of internet protocols only one version. */
	family?: "ipv4" | "ipv6" | undefined;
	/** `true`: only those that wait for others; `false`: only the others. Absent: both. */
	listening?: boolean | undefined;
	/** Only sockets with one of these as local or remote port; an empty list is any. */
	port?: number | readonly number[] | undefined;
	/** A filter in the language of mynetstat, such as `'state close-wait and dport 443'`. */
	filter?: string | undefined;
	/** Who holds each socket; `true` where absent. With `false` no process is looked at. */
	owners?: boolean | undefined;
	/** The kernel's struct tcp_info of each TCP socket. */
	tcpInfo?: boolean | undefined;
	/** The other end of each socket, wherever on this machine it is. */
	peers?: boolean | undefined;
	/** In this network namespace: a name of `ip netns`, a pid, a container, a unit, `net:[N]`. */
	netns?: string | undefined;
	/** In every network namespace. */
	allNamespaces?: boolean | undefined;
	/** Name the sockets that processes hold and no table lists. */
	unlisted?: boolean | undefined;
}
type ChangeKind = "state"
/** It was connected to another peer. */
 | "peer"
/** It was bound to another address. */
 | "address"
/** Other processes hold it. */
 | "owner"
/** Another socket waits on the same port, of another process. */
 | "restarted"
/** Another socket waits on the same port, of the same process, or it is not known whose. */
 | "reopened"
/** A listener on `::` takes IPv4 and did not, or the other way round. */
 | "dual-stack"
/** A column that was asked for shows something else. */
 | "column";
interface SocketEnd {
	bytesSent?: number | undefined;
	/** The kernel counts the FIN of the peer as a byte. */
	bytesReceived?: number | undefined;
	rttUs?: number | undefined;
	retransmits?: number | undefined;
}
interface Lifetime {
	ms: number;
	/** It was there when the watch began, so it lived longer. */
	atLeast: boolean;
}
interface SocketChangedLine {
	type: "change";
	/** ISO 8601, UTC: when it was seen. */
	time: string;
	mark: "+" | "-" | "~";
	/** Of `~`: what is different. */
	kinds?: readonly ChangeKind[] | undefined;
	before?: SocketJson | undefined;
	after?: SocketJson | undefined;
	/** What it carried, by the kernel's count at its end. */
	end?: SocketEnd | undefined;
	/** Of what went: how long it was seen. */
	lived?: Lifetime | undefined;
}
interface ShortLivedLine {
	type: "short-lived";
	time: string;
	side: "accepted" | "to";
	protocol: string;
	address: string;
	port: number;
	count: number;
	bytesSent: number;
	bytesReceived: number;
	/** The socket that listens there. */
	listener?: SocketJson | undefined;
}
/** A socket that ended: what it was, what it carried, how long it was seen. */
export interface ClosedSocket extends Pick<SocketChangedLine, "end" | "lived"> {
	socket: SocketJson;
}
/** A socket that is not as it was at the look before. */
export interface ChangedSocket extends Required<Pick<SocketChangedLine, "kinds">> {
	before: SocketJson;
	after: SocketJson;
}
interface ChangeLists {
	/** Sockets that were not there at the look before. */
	opened: SocketJson[];
	/** Sockets that have gone. A connection in TIME_WAIT is still there: it has changed. */
	closed: ClosedSocket[];
	/** Sockets with another state, peer, address or owner, and services that were started again. */
	changed: ChangedSocket[];
	/** Sockets that began and ended between two looks, by the service they were of. */
	shortLived: Omit<ShortLivedLine, "type" | "time">[];
}
type Role = "client" | "server" | "unknown";
interface ClosedConnection {
	localAddress: string;
	localPort: number;
	remoteAddress: string;
	remotePort: number;
	role: Role;
	/** The first to close; absent where the close came before tracing began. */
	closer: ProcessName | undefined;
}
interface RefusedConnect {
	process: ProcessName;
	remoteAddress: string;
	remotePort: number;
	/** Calls that failed. */
	count: number;
}
interface CloserGroup {
	/** Absent where the close came before tracing began. */
	process: (ProcessName & {
		commandLine?: string | undefined;
	}) | undefined;
	role: Role;
	/** The service: the local endpoint of a server, the remote one of a client. */
	address: string;
	port: number;
	/** Connections it closed first. */
	count: number;
}
interface WhoClosed {
	/** Seconds that were traced. */
	tracedS: number;
	/** Who closed first how often. */
	closers: CloserGroup[];
	/** Calls that found no free local port. */
	refused: RefusedConnect[];
	connections: ClosedConnection[];
	/** What the kernel counted meanwhile in this namespace; absent where it does not. */
	counted: {
		timeWait: number;
		overflowed: number;
	} | undefined;
	/** Connections whose closer is named. */
	explained: number;
	/** Connections of other network namespaces, left out. */
	foreign: number;
	/** Events the trace buffer dropped. */
	lostEvents: number;
}
interface TimeWaitTiming {
	/** 60 s but on kernels with tcp_tw_timeout. */
	lengthS: number;
	lengthFrom: "constant" | "timers" | "sysctl";
	/** Step of the kernel's timer wheel at that length: rows stay up to this long at timer 0. */
	granuleS: number;
	/** `timers`: rows at timer 0 show it; `config`: CONFIG_HZ; `assumed`: neither was to be had, HZ=250 is common. */
	granuleFrom: "timers" | "config" | "assumed";
	/** What the rows at timer 0 show by themselves: the wheel turns no sooner than this. */
	granuleAtLeastS: number | undefined;
}
interface PortForecast {
	/** New connections per second; those that left a row, where the load is `unseen`. */
	arrivalsPerS: number;
	load: LoadState;
	/** Rate that never runs out: capacity by the time a port is held. */
	sustainablePerS: number;
	/** Ports held in the long run at this rate. */
	plateau: number;
	/** Seconds until no port is left; 0: now. Absent: not at this rate. */
	exhaustedInS: number | undefined;
	/** Connects then fail for `lengthS` seconds out of every `periodS`. */
	waves: {
		lengthS: number;
		periodS: number;
	} | undefined;
	/** How fast the ports held now were taken: new connections that fail are not to be seen. */
	filledPerS: number | undefined;
	/** Where every port is taken: when the next one comes free, and when the last of those that nobody has open. */
	recovery: {
		nextPortInS: number;
		allPortsInS: number;
	} | undefined;
}
type LoadState = "none" | "ended" | "just-begun" | "steady" | "unseen";
interface TuplePressure {
	localAddress: string;
	remoteAddress: string;
	remotePort: number;
	/** Rows in state 06. */
	timeWait: number;
	/** Rows in state 05 without a process. */
	finWait2: number;
	/** Sockets that a process has open, and those in other states. */
	open: number;
	/** Local ports of the range that are taken, by anything. */
	used: number;
	/** Of them, those a connect() cannot take over at once; less than `used` only where tcp_tw_reuse works. */
	blocked: number;
	/** Of them, those held by a connection that a process has open. */
	heldOpen: number;
	/** Of `used`, those held by connections to other destinations, because a client there binds its ports. */
	elsewhere: number;
	/** Whether connect() may take over a TIME_WAIT of this tuple; absent where the settings are not known. */
	reusable: boolean | undefined;
	/** Local ports it may use; absent where the settings are not known. */
	capacity: number | undefined;
	/** blocked / capacity, 0 to 1. */
	utilization: number | undefined;
	/** Ports of the parity connect() tries last: more than a few mean it has passed over every port of the other. */
	otherParity: number;
	/** How the ports were picked; `perhaps-…` where a burst that has just ended may have left the same ports behind. */
	parity: "slow-connect" | BoundPorts | undefined;
	forecast: PortForecast | undefined;
	/** Processes that have a connection to it open; those that closed the connections, where it was `traced`. */
	candidates: OwnerCandidate[];
	traced: boolean;
}
type BoundPorts = "bind-before-connect" | "perhaps-bind-before-connect";
interface OwnerCandidate extends ProcessName {
	/** Open sockets seen, or connections traced. */
	hits: number;
	/** Rows in the table whose connection was traced. */
	rows?: {
		timeWait: number;
		finWait2: number;
	} | undefined;
}
interface PassivePort {
	/** Of the service here. */
	port: number;
	localAddresses: string[];
	/** Rows in state 06. */
	timeWait: number;
	/** Rows in state 05 without a process. */
	finWait2: number;
	/** By client address, most first. */
	remotes: {
		address: string;
		timeWait: number;
		finWait2: number;
	}[];
	listening: boolean;
	/** Of the listening socket. */
	owners: readonly ProcessName[];
	/** Seconds until the last row is gone: how long a restart without SO_REUSEADDR has to wait. */
	clearsInS: number | undefined;
}
interface History {
	/** Arrivals in TIME_WAIT per second, oldest first; the last bucket is the second before the read. */
	perSecond: number[];
	/** Arrivals per second, of all seconds. */
	meanPerS: number;
	/** The most in one second. */
	peakPerS: number;
	/** Share of the seconds with any arrival, 0 to 1. */
	dutyCycle: number;
	/** Seconds with arrivals, with quiet ones before and after. */
	bursts: {
		startedAgoS: number;
		lengthS: number;
		arrivals: number;
	}[];
}
interface HalfClosed {
	/** The service: the local listening port, or the remote one where this host is the client. */
	address: string;
	port: number;
	side: "server" | "client";
	/** Connections in CLOSE_WAIT. */
	closeWait: number;
	/** Of them, those whose other end is a FIN_WAIT2 of this host. */
	waitingHere: number;
	/** Of them, those never accepted: they are in the accept queue and have no process. */
	unaccepted: number;
	owners: readonly ProcessName[];
}
interface TimeWaitTotals {
	/** Rows in state 06. */
	timeWait: number;
	/** Rows in state 05 without a process. */
	finWait2: number;
	/** Of both, connections opened here: they hold local ports. */
	active: number;
	/** Of both, connections the other side opened. */
	passive: number;
	/** Rows that stood twice in one read and were merged. */
	duplicates: number;
	/** TCP: tw of sockstat, read after the tables. */
	sockstat: number | undefined;
	/** The same, read before them: churn shows as a difference. */
	sockstatBefore: number | undefined;
	/** Why sockstat and the rows differ, or what sockstat's number is made of. */
	balance: string | undefined;
	/** TIME_WAITs made since the namespace began: TcpExt TW + TWKilled. */
	births: number | undefined;
	/** Since the namespace began: TcpExt TWRecycled, those a connect() took over. */
	recycled: number | undefined;
	/** Since the namespace began: TcpExt TCPTimeWaitOverflow, closed without TIME_WAIT. */
	overflowed: number | undefined;
	/** tcp_max_tw_buckets. */
	limit: number | undefined;
	/** What they occupy of the kernel's memory. */
	memoryBytes: number;
}
interface TimeWaitFigures {
	totals: TimeWaitTotals;
	timing: TimeWaitTiming | undefined;
	/** Local ports one tuple may use: range − reserved − ports listened on. */
	capacity: PortCapacity | undefined;
	/** The fullest first. */
	tuples: TuplePressure[];
	ports: PassivePort[];
	history: History | undefined;
	halfClosed: HalfClosed[];
	/** CLOSE_WAIT rows whose other end is already in TIME_WAIT: the table changed while it was read. */
	tornPairs: number;
}
interface TimeWaitReport extends TimeWaitFigures {
	/** The answer in one sentence, and how much it matters. */
	verdict: {
		severity: Severity;
		sentence: string;
	};
	/** Why counts are lower bounds; absent where the tables were whole. */
	incomplete: string | undefined;
	/** The most severe first. */
	advice: Statement[];
	by: Grouping;
	/** Sums for `by`, where it is not the tuple. */
	groups: TimeWaitGroup[];
	/** Where it was traced. */
	who: WhoClosed | undefined;
	whatIf: {
		asked: string;
		tuples: TuplePressure[];
	} | undefined;
	/** The filter that destinations, local ports and half-closed connections were selected by; sums are of all. */
	filter: string | undefined;
	warnings: Warning[];
	/** Path below /proc → errno name. */
	unreadable: Record<string, string>;
}
interface PortCapacity {
	/** Of the range, without those reserved and listened on. */
	ports: number;
	/** First port of ip_local_port_range. */
	low: number;
	/** Last port of it. */
	high: number;
	/** Ports of the range that ip_local_reserved_ports holds back. */
	reserved: number;
	/** Ports of the range that are listened on. */
	listening: number;
}
declare const GROUPINGS: readonly [
	"tuple",
	"port",
	"remote",
	"owner"
];
type Grouping = (typeof GROUPINGS)[number];
interface TimeWaitGroup {
	/** The port of the service, the remote address, or the owner; a byte string. */
	key: string;
	side: "active" | "passive";
	timeWait: number;
	finWait2: number;
	/** Of the tuples in it, the fullest, 0 to 1. */
	utilization: number | undefined;
}
/** Document of `tw-stats`: TIME_WAIT of one network namespace. Names of programs are escaped text. */
export interface TimeWaitDocument extends Envelope, Remarks<Record<string, string>>, TimeWaitJson {
	schema: "linsight/time-wait/1";
	/** With `--netns`: which it is. */
	namespace?: NamespaceNameJson | undefined;
	/** Path below /proc → errno name. */
	unreadable: Record<string, string>;
}
interface TimeWaitJson extends TimeWaitLists, TimeWaitFacts {
}
interface TimeWaitLists {
	/** Destinations of connections opened here, the fullest first; `--top` limits them. */
	tuples: TuplePressure[];
	/** Ports of services here whose side closed first; `--top` limits them. */
	ports: PassivePort[];
	/** Sums, with `--by` anything but tuple; `--top` limits them. */
	groups?: GroupJson[];
	/** With `--who`: each connection that ended meanwhile. */
	closedConnections?: ClosedConnectionJson[];
}
interface TimeWaitFacts extends Omit<TimeWaitFigures, "tuples" | "ports"> {
	verdict: TimeWaitReport["verdict"];
	/** The most severe first. */
	advice: Statement[];
	/** With `--who`: who closed first while it was traced. */
	who: WhoJson | undefined;
	/** With `--what-if`: `tuples` once more, computed with the settings of `asked`. */
	whatIf: TimeWaitReport["whatIf"];
	/** The filter that `tuples`, `ports` and `halfClosed` were selected by; sums are of all. */
	filter?: string | undefined;
}
interface GroupJson extends TimeWaitGroup {
	by: Grouping;
}
interface ClosedConnectionJson extends Omit<ClosedConnection, "closer">, Partial<ProcessName> {
}
interface WhoJson extends Omit<WhoClosed, "connections" | "closers" | "refused"> {
	/** `8802 of 8802 explained`. */
	proof: string;
	closers: (Omit<CloserGroup, "process"> & Partial<ProcessName> & {
		commandLine?: string | undefined;
	})[];
	refused: (Omit<RefusedConnect, "process"> & ProcessName)[];
}
/** What a program asks of TIME_WAIT. */
export interface TimeWaitQuery {
	/** Sums by something else than the destination. */
	by?: Grouping | undefined;
	/** Of destinations, local ports and half-closed connections only these: addresses and ports as tw-stats takes them. */
	filter?: string | undefined;
	/** At most so many destinations, ports and groups. */
	top?: number | undefined;
	/** In this network namespace. */
	netns?: string | undefined;
}
interface OpenRequest {
	/** A recording. */
	from?: string | undefined;
	/** Byte order of the recorded machine, where the recording does not tell. */
	endian?: Endianness | undefined;
	/** Another machine, read once over the user's own ssh, as `--host` does: nothing has to be installed there. */
	host?: string | undefined;
	/** Of a host: another configuration of ssh than the user's own. */
	sshConfig?: string | undefined;
	/** Of a host: look as root, by `sudo -n`. */
	become?: boolean | undefined;
	/** Of a host: how long its answer may take, connecting included; 30 000 where absent. */
	timeoutMs?: number | undefined;
}
/** What a program asks of processes. */
export interface ProcessQuery {
	/** Only these; one that is not there is left out. */
	pid?: number | readonly number[] | undefined;
	/** Threads of the kernel, too. */
	kernelThreads?: boolean | undefined;
}
/** What a program watches: the sockets of a query, again and again. */
export interface WatchQuery extends SocketQuery {
	/** Milliseconds from the beginning of one look to the next, 10 at least; 1 000 where absent. */
	interval?: number | undefined;
}
/** The processes of a machine, as `processes()` of the library gives them. */
export interface ProcessesDocument extends Envelope, Remarks {
	schema: "linsight/processes/1";
	/** In the order of their pids. */
	processes: ProcessStateJson[];
}
/** One process. What could not be read is absent. */
export interface ProcessStateJson extends ProcessJson {
	/** `R`, `S`, `D`, `T` … of its main thread. */
	state?: string | undefined;
	threads?: number | undefined;
	/** It is the kernel's own. */
	kernelThread?: true | undefined;
	/** User and system time of all its threads since it started. */
	cpuMs?: number | undefined;
	/** Memory that it has in RAM. */
	residentBytes?: number | undefined;
	/** Soft limit on open files; absent where there is none. */
	openFilesLimit?: number | undefined;
	/** The kernel function its main thread sleeps in; only root is told of processes of others. */
	waitsIn?: string | undefined;
}
/** What one look of `watch()` found to be different from the look before. */
export interface SocketChangesDocument extends Envelope, Remarks, ChangeLists {
	schema: "linsight/socket-changes/1";
	/** The first look: `opened` holds every socket there was already. */
	first: boolean;
	/** How many sockets there are now. */
	sockets: number;
	/** Ends of sockets that the kernel told since the look before; how many came too fast to be told. */
	endsTold: number;
	endsLost: number;
}
/** Stops waiting for the answer: it then fails with the signal's reason. */
export interface Abortable {
	signal?: AbortSignal | undefined;
}
/**
 * A machine that runs, or a recording of one, whose facts are asked for. All work is done in a thread of its own; several
 * questions may be asked at a time. What could not be seen is told in the answer (`warnings`, `unreadable`); a method
 * fails where it cannot answer at all.
 */
export interface Machine extends AsyncDisposable {
	/** Sockets and who holds them: what `mynetstat -a --json` prints. */
	sockets(query?: SocketQuery & Abortable): Promise<SocketsDocument>;
	/** TIME_WAIT, and what it means: what `tw-stats --json` prints. Takes a second where one look does not tell. */
	timeWait(query?: TimeWaitQuery & Abortable): Promise<TimeWaitDocument>;
	/** Every process. */
	processes(query?: ProcessQuery & Abortable): Promise<ProcessesDocument>;
	/** What is wrong: what `linsight diagnose --json` prints. Takes five seconds on a machine that runs. */
	diagnose(query?: DiagnoseQuery & Abortable): Promise<DiagnoseDocument>;
	/**
	 * Looks again and again at the sockets that `sockets()` would give, and yields after each look what has changed. The
	 * first look yields all there is, as opened. Ends when `signal` is aborted, or the loop is left. A look that costs much
	 * is repeated less often than asked for.
	 */
	watch(query?: WatchQuery & Abortable): AsyncGenerator<SocketChangesDocument, void>;
	/** Ends the thread; answers that are waited for fail. May be called again. */
	close(): Promise<void>;
	/** The same, for `await using`. */
	[Symbol.asyncDispose](): Promise<void>;
}
/** Whose facts are asked for; without anything this machine's. */
export interface OpenOptions extends OpenRequest, Abortable {
}
/**
 * Opens this machine; with `from` a recording: a snapshot, a folder or archive of /proc, a recorded diagnosis; with `host`
 * another machine, which is read once. Throws a MachineError where this is not Linux or has no /proc, or the host gives no
 * answer, an InputError where a recording cannot be read.
 *
 * Node 20 has `Symbol.asyncDispose`; `await using` itself needs a compiler there, `close()` does not.
 */
export declare function open(options?: OpenOptions): Promise<Machine>;

export {};
