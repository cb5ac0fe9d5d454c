import type { Bucket } from '../../run/output/message.ts'
import type { ToolValue } from './tool-item.ts'

/** `     usecs               : count    distribution` → `usecs`. */
export function parseHistogramHeader(line: string): { unit: string } | undefined {
  const [, unit] = /^\s+(\S.*?)\s+: count\s+distribution\s*$/.exec(line) ?? []
  return unit === undefined ? undefined : { unit }
}

/**
 * A line of a histogram, closed interval and count.
 *
 * Lines: `         8 -> 15         : 643      |****      |` (powers of two), `        3          : 12       |**   |`
 * (linear) and bpftrace's half-open `[4K, 8K)               1 |@@@   |`, `(..., 0)`, `[1M, ...)`.
 */
export function parseBucket(line: string): Bucket | undefined {
  const [, low, high, count] = /^\s*(\d+)\s+->\s+(\d+)\s+: (\d+)\s*\|/.exec(line) ?? []
  if (low !== undefined) return { min: Number(low), max: Number(high), count: Number(count) }
  const [, value, times] = /^\s+(-?\d+)\s+: (\d+)\s*\|/.exec(line) ?? []
  if (value !== undefined) return { min: Number(value), max: Number(value), count: Number(times) }
  const [, open, from, to, close, hits] =
    /^([[(])(-?\d+[KMGTPE]?|\.\.\.)(?:, (-?\d+[KMGTPE]?|\.\.\.)([\])]))?\]?\s+(\d+)\s+\|/.exec(line) ?? []
  if (from === undefined) return undefined
  const min = scaled(from)
  const max = to === undefined ? min : scaled(to)
  return {
    min: min !== undefined && open === '(' ? min + 1 : min,
    max: max !== undefined && close === ')' ? max - 1 : max,
    count: Number(hits),
  }
}

/** `4K` → 4096; `...` is open. Source: bpftrace's output of hist(): K is 1024. */
function scaled(text: string): number | undefined {
  if (text === '...') return undefined
  const power = 'KMGTPE'.indexOf(text.at(-1)!) + 1
  return Number.parseInt(text, 10) * 1024 ** power
}

const SECTIONS =
  'disk|flags|pid|tid|pidns|hardirq|softirq|cpu|operation|func|function|backlog_max|Process Name|Local Address|Remote Address|All Addresses'
const SECTION = new RegExp(`^(?:cpu = (\\d+) )?(${SECTIONS}) = (.*?)\\s*$`)
const NAMES: Readonly<Record<string, string>> = {
  'Process Name': 'comm',
  'Local Address': 'laddr',
  'Remote Address': 'raddr',
  'All Addresses': 'address',
  backlog_max: 'backlogMax',
}

const CONTENTION =
  /^(.*)\[(\d+)\] lock (0x[0-9a-f]+) contended (\d+) times, (\d+) avg usecs \[max: (\d+) usecs, min (\d+) usecs\]$/

/** `node[11705] lock 0x22cdba08 contended 1 times, 58 avg usecs [max: 58 usecs, min 58 usecs]` of futexctn. */
function parseContention(line: string): Record<string, ToolValue> | undefined {
  const [, comm, pid, lock, times, average, max, min] = CONTENTION.exec(line) ?? []
  if (comm === undefined) return undefined
  const [averageUs, maxUs, minUs] = [Number(average), Number(max), Number(min)]
  return { comm, pid: Number(pid), lock: lock!, contended: Number(times), averageUs, maxUs, minUs }
}

/** What the next histogram is of: `pid = 3750 bash`, `disk = vda`, `Process Name = umount`, `operation = 'read'`. */
export function parseSection(line: string): Record<string, ToolValue> | undefined {
  const [, cpu, name, text] = SECTION.exec(line) ?? []
  if (name === undefined) return parseContention(line)
  const key = NAMES[name] ?? name
  const onCpu = cpu === undefined ? {} : { cpu: Number(cpu) }
  const [, id, comm] = /^(\d+)(?: (.*))?$/.exec(text!) ?? []
  if (id !== undefined && key !== 'comm') return { ...onCpu, [key]: Number(id), ...(comm !== undefined && { comm }) }
  return { ...onCpu, [key]: text!.replace(/^b?'(.*)'$/, '$1') }
}
