import type { Socket } from '../model.ts'
import { answerLeaf, type FilterContext } from './answers.ts'
import { evaluate, type Answer } from './evaluate.ts'
import type { SocketRow } from '../tables/socket-row.ts'
import { leavesOf, type FilterLeaf, type FilterNode } from './language/tree.ts'

/** A filter with all that its answers depend on. */
export interface SocketFilter {
  tree: FilterNode
  context: FilterContext
}

/** How a filter went that could not be answered for every socket. */
export interface FilterTally {
  /** Sockets of which it is not known whether they are meant; they are not selected. */
  unknown: number
  /** What was not known, by the word of the filter → of how many sockets. */
  causes: ReadonlyMap<string, number>
  /** Which they are. */
  undecided: readonly Socket[]
}

export function answerFilter({ tree, context }: SocketFilter, socket: Socket): Answer {
  return evaluate(tree, leaf => answerLeaf(leaf, socket, context))
}

/** Before owners are looked for: whether a socket can still be selected. */
export function mayBeSelected(filter: SocketFilter, socket: Socket): boolean {
  const answer = answerFilter(filter, socket)
  return answer === true || answer === 'unknown'
}

/** The sockets that a filter selects, and how many it could not be answered for. */
export function selectSockets(
  filter: SocketFilter,
  sockets: readonly Socket[],
): { sockets: Socket[]; tally: FilterTally } {
  const causes = new Map<string, number>()
  const undecided: Socket[] = []
  const selected = sockets.filter(socket => {
    const answer = answerFilter(filter, socket)
    if (answer === 'unknown') {
      undecided.push(socket)
      for (const word of unknownWords(filter, socket)) causes.set(word, (causes.get(word) ?? 0) + 1)
    }
    return answer === true
  })
  return { sockets: selected, tally: { unknown: undecided.length, causes, undecided } }
}

/** The same filter with the names of unix sockets: the kernel names a peer by its inode. */
export function withUnixPaths(filter: SocketFilter, rows: readonly SocketRow[]): SocketFilter {
  if (![...leavesOf(filter.tree)].some(leaf => leaf.kind === 'host' && leaf.host.family === 'unix')) return filter
  const paths = new Map(rows.flatMap(row => (row.table === 'unix' ? [[row.inode, row.path] as const] : [])))
  return { ...filter, context: { ...filter.context, unixPath: inode => paths.get(inode) } }
}

function unknownWords({ tree, context }: SocketFilter, socket: Socket): Set<string> {
  const words = new Set<string>()
  evaluate(tree, leaf => {
    const answer = answerLeaf(leaf, socket, context)
    if (answer === 'unknown') words.add(wordOf(leaf))
    return answer
  })
  return words
}

/** The word of the language that a predicate begins with. */
export function wordOf(leaf: FilterLeaf): string {
  switch (leaf.kind) {
    case 'number':
    case 'text':
      return leaf.field
    case 'host':
      return leaf.end
    case 'port':
      return leaf.end === 'src' ? 'sport' : 'dport'
    case 'device':
      return 'dev'
    case 'mark':
      return 'fwmark'
    default:
      return leaf.kind
  }
}
