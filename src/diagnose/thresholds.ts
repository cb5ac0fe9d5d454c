import { HEALTH_THRESHOLDS } from '../sockets/model.ts'
import type { Threshold } from '../statement.ts'

/** Every threshold of the rules, with the reason for its value; those of sockets are those of `mynetstat --health`. */
export const THRESHOLDS = {
  ...HEALTH_THRESHOLDS,
  refused: { value: 5, unit: 'refused connections', reason: 'probes and happy eyeballs make one or two' },
  lookup: {
    value: 1200,
    unit: 'ms without an answer of a name server',
    reason: 'a healthy lookup takes less than 100 ms; this spares one repetition',
  },
  nxdomain: {
    value: 20,
    unit: 'answers a second that a name does not exist',
    reason: 'search domains make a few for every lookup',
  },
  busyPoll: {
    value: 5000,
    unit: 'calls a second that had nothing to give',
    reason: 'a healthy event loop with 2500 wake-ups a second made 631',
  },
  futex: { value: 5000, unit: 'futex calls a second', reason: 'threads that share work well make hundreds' },
  locks: {
    value: 2000,
    unit: 'futex calls a second of which 35 % and more wait for a lock',
    reason: 'a pool that is handed work makes tens of thousands, of which one in five waits for a lock',
  },
  crowd: {
    value: 0.4,
    unit: 'of the threads, and 3 and more, wait for one lock in both looks, with 100 futex calls a second and more',
    reason: 'two looks find most threads waiting by chance only where they wait most of the time',
  },
  tinyCalls: { value: 20_000, unit: 'reads and writes a second', reason: 'this many cost at least 4 % of a processor' },
  tinyBytes: { value: 16, unit: 'bytes a call', reason: 'a buffer of 4 KB would make 256 times fewer calls' },
  notFound: {
    value: 800,
    unit: 'files not found a second in one process',
    reason: 'in a parallel make no process found more than 634 missing in its whole life',
  },
  wakeups: { value: 5000, unit: 'wake-ups a second by a timer', reason: 'a healthy server made 2472 honest ones' },
  forks: { value: 50, unit: 'processes started a second by one', reason: 'a parallel make starts 5 a second' },
  hog: {
    value: 0.9,
    unit: 'of the time running or waiting for a processor',
    reason: 'the share on a processor alone falls where others compete for it',
  },
  throttled: { value: 0.25, unit: 'of the periods', reason: 'now and then every container with a quota is throttled' },
  crashes: { value: 2, unit: 'crashes of one program', reason: 'a single one may be chance' },
  exits: {
    value: 3,
    unit: 'ends of one program with a status other than 0, and none with 0 (2 where a supervisor starts it)',
    reason: 'what fails once or twice may be tried on purpose',
  },
  zombies: { value: 20, unit: 'ended children that nobody waited for', reason: 'a few exist for moments everywhere' },
  descriptors: { value: 0.95, unit: 'of the soft limit', reason: 'above it the next burst fails' },
  spaceShare: { value: 0.05, unit: 'of the space free', reason: 'the share alone accuses large disks' },
  spaceBytes: { value: 5 * 1024 ** 3, unit: 'bytes free', reason: 'below it an hour of logs is the end' },
  inodeShare: { value: 0.01, unit: 'of the inodes free', reason: 'small files end it suddenly' },
  deletedShare: {
    value: 0.3,
    unit: 'of the filesystem in deleted files',
    reason: 'du and df then disagree by so much that people look for it',
  },
  syncs: { value: 50, unit: 'syncs a second', reason: 'each waits for the disk' },
  diskBusy: { value: 0.7, unit: 'of the time busy', reason: 'with a queue behind it others wait' },
  log: { value: 2_000_000, unit: 'bytes a second into a log', reason: 'this is 170 GB a day' },
  memoryFailures: {
    value: 50,
    unit: 'times a second at the memory limit',
    reason: 'the page cache touches a limit now and then',
  },
  refaults: {
    value: 50,
    unit: 'pages a second that were taken away and are needed again',
    reason: 'data that is read or written once is missed by nobody',
  },
  majorFaults: {
    value: 100,
    unit: 'pages a second from disk',
    reason: 'a program that starts makes a burst, not a rate',
  },
  growth: { value: 15_000_000, unit: 'bytes a second more', reason: 'caches fill more slowly, or stop' },
} as const satisfies Record<string, Threshold>

export type ThresholdName = keyof typeof THRESHOLDS
