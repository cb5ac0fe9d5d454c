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
