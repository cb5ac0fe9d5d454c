/**
 * How a value of a column is printed. `padded`: text that may hold blanks, filled up to the width of the column.
 * `word`: text without blanks. `rest`: everything up to the end of the line. `scalar`: a number or a word.
 */
export type ColumnForm = 'integer' | 'number' | 'word' | 'padded' | 'rest' | 'scalar' | 'clock' | 'exit'

export interface Label {
  label: string
  key: string
  form: ColumnForm
}

/**
 * Headers of the libbpf-tools, BCC and bpftrace tools and what stands below them: the label, its key in JSON where that is
 * not the label in camel case, and the form.
 *
 * Source: the printf formats of libbpf-tools 0.26 to 0.37, BCC 0.31 and bpftrace 0.17 to 0.27.
 */
const TEXT: Readonly<Record<ColumnForm, string>> = {
  clock: 'TIME TIME(s)=timeS TIME(ms)=timeMs TIME(us)=timeUs TIMESTAMP=time',
  integer: `PID PPID TID TPID TGID PREV_PID PREV_TID UID CPU FD RET ERR RESULT IRET LPORT RPORT SPORT DPORT PORT MNT_NS PAGES
    FREE(KB)=freeKb COUNT KBYTES=kbytes LAT(us)=latUs LAT(ns)=latNs DELTA(us)=deltaUs TOTAL_usecs=totalUs
    TOTAL_nsecs=totalNs TOTAL_count=totalCount MAX_usecs=maxUs MAX_nsecs=maxNs %RND=randomPercent %SEQ=sequentialPercent
    READS WRITES R_Kb=readKb W_Kb=writtenKb READ/s=readsPerS WRITE/s=writesPerS FSYNC/s=fsyncsPerS OPEN/s=opensPerS
    CREATE/s=createsPerS UNLINK/s=unlinksPerS MKDIR/s=mkdirsPerS RMDIR/s=rmdirsPerS HITS MISSES DIRTIES BUFFERS_MB=buffersMb
    CACHED_MB=cachedMb REFERENCE=references MISS=misses OFF_KB=offsetKb SECTOR MAJ=major MIN=minor I/O=io Kbytes=kbytes ALLOCS
    CAP INSETID CONNECTS BACKLOG NUMA_migrations=numaMigrations NUMA_migrations_ms=numaMigrationsMs PREV_SP`,
  number: `AGE(s)=ageS AGE(ms)=ageMs LAT(ms)=latMs LATms=latMs LAT(s)=latS MS=ms ms=ms TIME_(us)=totalUs TIME_(ms)=totalMs
    TIME_(s)=totalS AVGms=avgMs QUE(ms)=queuedMs HIT%=hitPercent HITRATIO=hitPercent SECONDS=seconds DURATION(us)=durationUs
    RTT=rtt TX_KB=txKb RX_KB=rxKb`,
  word: `SKADDR LADDR RADDR SADDR DADDR LADDR6=laddr RADDR6=raddr ADDR OLDSTATE NEWSTATE SYSCALL DISK DEVICE DEV T D P
    FLAGS MODE NAME AUDIT VERDICT PROTO PROT OPTS IF TYPE=kind LNAME FS HANDLE STATE`,
  scalar: 'SIG IP BYTES REASON LEN',
  padded: `COMM PCOMM TASK TCOMM PREV_COMM HARDIRQ SOFTIRQ CACHE LOCKCOMM WAKER TARGET`,
  rest: `ARGS ARGS_(RET) PATH HOST COMMAND FILE FILENAME CALL FUNC EVENT PATH/CALLER=path STATE_(FLAGS)
    FUNCTION/ARGS=function`,
  exit: 'EXIT_CODE=exitCode',
}

/** In the list above `_` stands for the blank of these; other underscores are the tool's own. */
const WITH_BLANK = /^(PREV_(COMM|PID|TID)|TIME_\(|ARGS_\(|STATE_\()/

const LABELS: readonly Label[] = Object.entries(TEXT).flatMap(([form, words]) =>
  words
    .trim()
    .split(/\s+/)
    .map(word => {
      const [name, key] = word.split('=') as [string, string?]
      const label = WITH_BLANK.test(name) ? name.replace('_', ' ') : name
      return { label, key: key ?? camelCase(label), form: form as ColumnForm }
    }),
)

/** Longest first: `TIME (us)` is not `TIME`. */
const BY_LENGTH = LABELS.toSorted((a, b) => b.label.length - a.label.length)

/** A label that is not in the list: what starts like one. */
const UNKNOWN = /[A-Z%][A-Za-z0-9%_/().:-]*/y

/** The label at `at` of a header line; `unknown` ones are words. */
export function labelAt(line: string, at: number): (Label & { known: boolean }) | undefined {
  const known = BY_LENGTH.find(({ label }) => {
    const end = at + label.length
    return line.startsWith(label, at) && (end === line.length || line[end] === ' ')
  })
  if (known !== undefined) return { ...known, known: true }
  UNKNOWN.lastIndex = at
  const word = UNKNOWN.exec(line)?.[0]
  const ended = word !== undefined && (at + word.length === line.length || line[at + word.length] === ' ')
  return ended ? { label: word, key: camelCase(word), form: 'word', known: false } : undefined
}

function camelCase(label: string): string {
  const words = label.split(/[^A-Za-z0-9]+/).filter(word => word !== '')
  return words
    .map((word, i) => (i === 0 ? word.toLowerCase() : word[0]!.toUpperCase() + word.slice(1).toLowerCase()))
    .join('')
}
