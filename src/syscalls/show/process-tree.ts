import type { ExecLine, ThreadProfile } from '../profile.ts'
import { formatDurationNs } from '../../terminal/units.ts'
import { escapeBytes } from '../../terminal/escape.ts'

/**
 * Processes below their parents, each with its program, calls, time in calls and how it ended; its exec lines below it,
 * and its further threads counted.
 */
export function* processTreeLines(processes: readonly (readonly ThreadProfile[])[]): Generator<string> {
  const byThread = new Map<number, readonly ThreadProfile[]>()
  for (const threads of processes) for (const thread of threads) byThread.set(thread.id, threads)
  const children = new Map<readonly ThreadProfile[] | undefined, (readonly ThreadProfile[])[]>()
  for (const threads of processes) {
    const parentId = threads[0]!.parentId
    const parent = parentId === undefined ? undefined : byThread.get(parentId)
    const key = parent === threads ? undefined : parent
    const list = children.get(key)
    if (list === undefined) children.set(key, [threads])
    else list.push(threads)
  }
  // An explicit stack: a chain of thousands of forks is no deeper than any other tree.
  const stack = (children.get(undefined) ?? []).map(threads => ({ threads, indent: '' })).toReversed()
  while (stack.length > 0) {
    const { threads, indent } = stack.pop()!
    yield `${indent}${processLine(threads)}\n`
    for (const exec of threads.flatMap(thread => thread.execs)) yield `${indent}    exec ${execText(exec)}\n`
    for (const child of (children.get(threads) ?? []).toReversed())
      stack.push({ threads: child, indent: `${indent}  ` })
  }
}

function processLine(threads: readonly ThreadProfile[]): string {
  const leader = threads[0]!
  const calls = threads.reduce((sum, thread) => sum + thread.total.calls, 0)
  const timed = threads.some(thread => thread.total.wall !== undefined)
  const wallNs = threads.reduce((sum, thread) => sum + (thread.total.wall?.totalNs ?? 0), 0)
  return [
    leader.pid ?? leader.tid ?? '?',
    escapeBytes(leader.comm ?? ''),
    `${calls} calls`,
    timed ? formatDurationNs(wallNs) : '',
    threads.length > 1 ? `${threads.length} threads` : '',
    endText(leader),
  ]
    .filter(part => part !== '')
    .join('  ')
}

function endText({ end }: ThreadProfile): string {
  if (end === undefined) return 'running at the end'
  if (end.kind === 'exited') return end.code === 0 ? '' : `exit ${end.code}`
  return end.kind === 'killed' ? `killed by ${end.signal}` : ''
}

function execText({ path, argv }: ExecLine): string {
  const words = argv.length === 0 ? [path] : argv
  const text = words.map(word => escapeBytes(quoted(word))).join(' ')
  return path === argv[0] || argv.length === 0 ? text : `${escapeBytes(path)}: ${text}`
}

/** As a shell would take it. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
