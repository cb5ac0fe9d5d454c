/**
 * A stack as bpftrace prints it, as frames, outermost first.
 *
 * `"\n        vfs_read+187\n        ksys_read+102\n"`; `perf` mode: `"\n\tffffffff8123 vfs_read+0xbb ([kernel])\n"`.
 */
export function parseStack(text: string): string[] {
  const frames: string[] = []
  for (const line of text.split('\n')) {
    const frame = line.trim()
    if (frame === '') continue
    const named = /^[0-9a-f]{6,16} (.*) \(.*\)$/.exec(frame)?.[1] ?? frame
    frames.push(named.replace(/\+(0x[0-9a-f]+|\d+)$/, ''))
  }
  return frames.toReversed()
}

/**
 * The parts of a map key `user stack, kernel stack, number`. A stack is empty or begins and ends with a newline, and no
 * frame holds one, so the commas between the parts are found for certain.
 */
export function parseStackKey(key: string): { user: string[]; kernel: string[]; number: number } | undefined {
  const comma = key.lastIndexOf(',')
  const stacks = key.slice(0, comma)
  const number = Number(key.slice(comma + 1))
  const between = stacks.startsWith(',') ? 0 : stacks.endsWith(',') ? stacks.length - 1 : stacks.indexOf('\n,\n') + 1
  if (comma < 0 || !Number.isInteger(number) || stacks[between] !== ',') return undefined
  return { user: parseStack(stacks.slice(0, between)), kernel: parseStack(stacks.slice(between + 1)), number }
}

/** A part of a key, or the frames of a stack as they are printed: innermost first, with offsets. */
export type KeyPart = string | readonly string[]

/**
 * The key of a map, whose parts bpftrace joins with commas, with its stacks taken apart: `"\n    vfs_read+1\n,dd"`. Versions
 * indent frames by 4 blanks, by 8, or not at all. What is beside the stacks stays one text: its commas may be anyone's.
 */
export function keyParts(key: string): KeyPart[] {
  const parts: KeyPart[] = []
  let at = 0
  for (const match of key.matchAll(STACK_IN_KEY)) {
    if (match.index > at) parts.push(key.slice(at, match.index - 1))
    parts.push(framesOf(match[1]!))
    at = match.index + match[0].length + 1
  }
  if (at < key.length || parts.length === 0) parts.push(key.slice(at))
  return parts
}

/** The frames of a value that is a stack; undefined where it is none. */
export function stackIn(value: unknown): string[] | undefined {
  return typeof value === 'string' && /^\n(?:[^\n]+\n)+$/.test(value) ? framesOf(value) : undefined
}

const STACK_IN_KEY = /(?<=^|,)\n((?:[^\n]+\n)+?)(?=,|$)/g

const framesOf = (text: string) =>
  text
    .trim()
    .split('\n')
    .map(line => line.trim())
