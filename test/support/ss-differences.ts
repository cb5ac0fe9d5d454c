/**
 * Where the filter language selects otherwise than ss 7.1 did, with the reason; docs/filters.md says the same. `rows` are
 * those that are selected from the tables of /proc; absent where those are the ones of ss.
 */
export interface SsDifference {
  id: number
  reason: string
  /** `refused`: an error. `unknown`: nothing is selected, and it is said that the tables do not tell. */
  rows?: readonly number[] | 'unknown'
  /** With the kernel's own answer; absent where those are the ones of ss, `same` where they are `rows`. */
  withKernel?: readonly number[] | 'same'
  /** Of some more it is not known. */
  alsoUnknown?: true
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)
const without = (rows: readonly number[], ...left: number[]) => rows.filter(row => !left.includes(row))

/** The TCP sockets of the corpus that stand in a table. */
const TCP = without(range(39, 94), 46, 47)

const ONLY_KERNEL = "no table of /proc tells it; without the kernel's own answer nothing is selected and that is said"
const ACCEPTED = 'ss refuses it, and it can mean nothing else'

// prettier-ignore
const ESTABLISHED = [48, 50, 52, 53, 54, 55, 60, 61, 62, 63, 64, 65, 66, 67, 69, 71, 72, 73, 74, 75, 76, 83, 85, 86, 87, 88, 89, 90, 91, 92, 93, 94]

/** Those whose peer is 127.0.0.1 or ::1. */
// prettier-ignore
const LOOPBACK_EITHER = [48, 49, 50, 51, 52, 55, 56, 57, 58, 59, 60, 61, 63, 64, 65, 66, 67, 70, 71, 72, 73, 74, 76, 77, 83, 84, 86, 87, 91, 92, 94]

const SHOWN_AS_CLOSE =
  'ss 7.1 has a state bound-inactive that it prints as unconnected and does not select by that word'

export const SS_DIFFERENCES: readonly SsDifference[] = [
  {
    id: 44,
    reason: 'ss lists only the family that was named last; here each predicate stands for itself',
    rows: LOOPBACK_EITHER,
    withKernel: [47, ...LOOPBACK_EITHER],
  },
  { id: 47, reason: ACCEPTED, rows: [83, 91], withKernel: 'same' },
  {
    id: 52,
    reason: 'ss cuts the port to 16 bits, which makes * 65535; here every port is as high as *',
    rows: TCP,
    withKernel: [...TCP, 46, 47],
  },
  {
    id: 55,
    reason: `${ACCEPTED}; of a port in the ephemeral range /proc does not tell who chose it`,
    rows: without(ESTABLISHED, 60, 62, 66, 76),
    alsoUnknown: true,
    withKernel: 'same',
  },
  { id: 56, reason: ONLY_KERNEL, rows: 'unknown' },
  { id: 57, reason: ONLY_KERNEL, rows: 'unknown' },
  { id: 58, reason: ONLY_KERNEL, rows: 'unknown' },
  { id: 59, reason: ONLY_KERNEL, rows: 'unknown' },
  {
    id: 61,
    reason: ACCEPTED,
    rows: without(TCP, ...without(range(39, 77), 39, 42, 43, 53, 54, 62, 68, 75, 76), 83, 91),
    withKernel: 'same',
  },
  { id: 62, reason: ACCEPTED, rows: [40, 48, 49, 51, 52, 69, 77], withKernel: 'same' },
  { id: 63, reason: ACCEPTED, rows: [40, 48, 49, 51, 52, 69, 77], withKernel: 'same' },
  { id: 64, reason: ACCEPTED, rows: [84, 86, 87, 92, 94], withKernel: 'same' },
  {
    id: 88,
    reason: "row 3 is the kernel's socket that ss itself talks to, whose queue changed while ss ran",
    rows: range(1, 10),
    withKernel: 'same',
  },
  { id: 111, reason: SHOWN_AS_CLOSE, withKernel: [46, 47] },
  { id: 112, reason: SHOWN_AS_CLOSE, withKernel: [46, 47, 51, 56, 59] },
  { id: 128, reason: ONLY_KERNEL, rows: 'unknown' },
  {
    id: 131,
    reason: `${ACCEPTED}: state is no path behind a path; ${ONLY_KERNEL}`,
    rows: 'unknown',
    withKernel: 'same',
  },
  {
    id: 132,
    reason: 'whether a path is a cgroup is asked of this machine only; of a recording it is not known',
    rows: 'unknown',
    withKernel: 'same',
  },
  { id: 136, reason: ACCEPTED, rows: [88, 89, 93], withKernel: 'same' },
  { id: 143, reason: `${ACCEPTED}: state may stand anywhere`, rows: [39, ...ESTABLISHED], withKernel: 'same' },
  {
    id: 148,
    reason: 'ss refuses an address of IPv6 beside -4; here no socket is selected',
    rows: [],
    withKernel: 'same',
  },
  { id: 152, reason: `${ACCEPTED}: state may stand anywhere`, rows: [14, 15, 16], withKernel: 'same' },
  {
    id: 156,
    reason: 'ss lists only the family that was named last; here each predicate stands for itself',
    rows: [13, 14, 15, 16, 19, 33, 39, 71, 74],
    withKernel: 'same',
  },
  { id: 163, reason: ONLY_KERNEL, rows: 'unknown' },
]
