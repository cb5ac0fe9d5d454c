import type { ToolStack, ToolValue } from './tool-item.ts'

/** Puts stacks together line by line; the innermost function comes first. */
export interface StackReader {
  /** Whether the line belongs to a stack; a finished one is handed out. */
  take(line: string): { stack?: ToolStack } | undefined
  /** Lines that began a stack and never ended one, and the last stack where only the end of the text ends it. */
  flush(): { stack?: ToolStack; lines: string[]; frames: string[] }
}

/**
 * Stacks as the libbpf-tools and BCC print them. Each form ends in another way:
 *
 * offcputime, profile, futexctn: `    schedule`, …, `    -                bash (442)`, `        969201`.
 * wakeuptime: `\ttarget:          bash`, `\tffffffff814b824d bpf_trace_run1`, …, `\t          waker: rm`, `\t1753`.
 * memleak: `\t4096 bytes in 2 allocations from stack`, `\t\t0 [<00007f…>] malloc+0x1b`, …, until something else comes.
 *
 * Source: print_map and its like in those tools, 0.26 to 0.37.
 */
export function stackReader(): StackReader {
  let frames: string[] = []
  let key: Record<string, ToolValue> = {}
  let lines: string[] = []
  let leak: number | undefined

  const reset = () => {
    frames = []
    key = {}
    lines = []
    leak = undefined
  }
  const finish = (value: number | bigint): ToolStack => {
    const stack: ToolStack = { type: 'stack', frames, key, value }
    reset()
    return stack
  }

  return {
    take(line) {
      const allocation = /^\s+(\d+) bytes in (\d+) allocations from stack$/.exec(line)
      if (allocation !== null) {
        const stack = leak === undefined ? undefined : finish(leak)
        reset()
        leak = Number(allocation[1])
        key = { allocations: Number(allocation[2]) }
        return stack === undefined ? {} : { stack }
      }
      if (!/^(\t| {4})/.test(line)) return undefined
      const text = line.trim()
      const [, comm, pid] = /^-\s{2,}(.*) \((\d+)\)$/.exec(text) ?? []
      const [, role, task] = /^(target|waker):\s+(.*)$/.exec(text) ?? []
      if (comm !== undefined) key = { comm: comm.trimEnd(), pid: Number(pid) }
      else if (role !== undefined) key = { ...key, [role]: task! }
      else if (/^\d+$/.test(text) && ('pid' in key || 'waker' in key)) return { stack: finish(integer(text)) }
      else frames.push(frameOf(text))
      lines.push(line)
      return {}
    },
    flush() {
      if (leak !== undefined) return { stack: finish(leak), lines: [], frames: [] }
      const begun = lines
      // futexctn rules its stacks off with lines of one dash.
      const found = frames.filter(frame => frame !== '-')
      reset()
      return { lines: begun, frames: found }
    },
  }
}

/** The frame of a line: `ffffffff814b824d bpf_trace_run1` and `0 [<00007f12>] malloc+0x1b` without position and address. */
export function frameOf(text: string): string {
  return text.replace(/^(?:#?\d+\s+)?(?:\[<[0-9a-f]+>\]|0x[0-9a-f]+|[0-9a-f]{16})\s+(?=\S)/, '')
}

function integer(digits: string): number | bigint {
  const value = Number(digits)
  return Number.isSafeInteger(value) ? value : BigInt(digits)
}
