/** What a line of a log says. */
export const EVENT = {
  /** No line of a log. */
  none: 0,
  /** A call with its result. */
  call: 1,
  /** The first half of a call: `read(3,  <unfinished ...>`, or one the tracer let go in: `read(0,  <detached ...>`. */
  unfinished: 2,
  /** The second half, with the result. */
  resumed: 3,
  /** `--- SIGALRM {…} ---`, `--- stopped by SIGSTOP ---` */
  signal: 4,
  /** `+++ exited with 0 +++` and the like. */
  end: 5,
  /** A second half without a result, of a call that -z or -Z hides. */
  hiddenResult: 6,
  /** Looks like a call, but has no result that could be understood. */
  broken: 7,
  /** Belongs to the line before: a stack frame of -k, a hex dump of -e read=. */
  continuation: 8,
  /** The first half of an exec that gives its thread another id: `execve("/bin/true" <pid changed to 12127 ...>`. */
  pidChanged: 9,
} as const

export const CLOCK = {
  none: 0,
  /** Seconds since 1970. */
  epoch: 1,
  /** Seconds since midnight. */
  day: 2,
  /** Since the line before, of whatever thread. */
  relative: 3,
} as const

/** How a call ended. */
export const RESULT = {
  /** A number, {@link value}. */
  value: 0,
  error: 1,
  /** Interrupted by a signal, to be begun again. */
  restart: 2,
  /** `= ?`: it never returned. */
  never: 3,
} as const

/** Nanoseconds of the last of so many digits behind the point. */
export const NS_PER_DIGIT: readonly number[] = Array.from({ length: 20 }, (_, digits) => 10 ** (9 - digits))

/** The part of a scanned line that tells whose it is and when it was written; all positions are in `bytes`. */
export interface ScannedPrefix {
  readonly bytes: Buffer
  /** The same bytes. */
  readonly view: DataView
  readonly from: number
  readonly to: number
  /** -1 where the line names no thread. */
  tid: number
  /** Name of the thread (-Y); `commFrom` is -1 where absent. */
  commFrom: number
  commTo: number
  /** One of {@link CLOCK}. */
  clock: number
  /** Seconds and nanoseconds, but of an epoch only where it is. */
  timeS: number
  timeNs: number
  timeFrom: number
  timeTo: number
}

/** The part of a scanned line that tells how its call ended; all positions are in `bytes`. */
export interface ScannedResult {
  readonly bytes: Buffer
  /** The same bytes. */
  readonly view: DataView
  readonly to: number
  /** Behind the opening parenthesis, or behind `resumed>`. */
  readonly argsFrom: number
  /** Where the arguments end: at the closing parenthesis, or at the words in angle brackets of half a call. */
  argsTo: number
  /** One of {@link RESULT}. */
  result: number
  value: number
  errnoFrom: number
  errnoTo: number
  /** What stands behind a descriptor that is the result (-y); `descriptorFrom` is -1 where nothing does. */
  descriptorFrom: number
  descriptorTo: number
  /** -1 without -T. */
  durationNs: number
}
