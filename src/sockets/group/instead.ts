import { isLoopbackIp, isUnspecifiedIp, unmapIp } from '../../kernel/ip-address.ts'
import { TCP_STATE } from '../../kernel/tcp-state.ts'
import { answerLeaf, type FilterContext } from '../filter/answers.ts'
import { evaluate } from '../filter/evaluate.ts'
import { printFilter } from '../filter/language/print-filter.ts'
import { leavesOf, type FilterNode } from '../filter/language/tree.ts'
import type { InetRow, Socket } from '../model.ts'
import { ownersText } from '../show/cell-text.ts'
import { isInetRow } from '../tables/socket-row.ts'

/** Ports of a filter that are told about, and predicates that are told to be missed. */
const MOST = 3

/** What there is where no socket is as a filter asks, each in a sentence. `sockets` are all of its tables. */
export function insteadOf(tree: FilterNode, sockets: readonly Socket[], context: FilterContext): string[] {
  const ports = [...localPorts(tree)].slice(0, MOST)
  const about = ports.flatMap(port => aboutPort(port, sockets))
  const near = nearMisses(tree, sockets, context)
  if (about.length + near.length > 0) return [...about, ...near]
  return [sockets.length === 0 ? 'there is no socket at all' : `none of ${sockets.length} sockets is so`]
}

/** Own ports that a filter names. */
function localPorts(tree: FilterNode): Set<number> {
  const ports = new Set<number>()
  for (const leaf of leavesOf(tree)) {
    if (leaf.kind === 'ports') for (const port of leaf.ports) ports.add(port)
    else if (leaf.kind === 'port' && leaf.end === 'src' && leaf.operator === '=' && leaf.port !== '*')
      ports.add(leaf.port)
    else if (leaf.kind === 'host' && leaf.end === 'src' && leaf.host.family === 'inet' && leaf.host.port !== undefined)
      ports.add(leaf.host.port)
  }
  return ports
}

interface InetSocket extends Socket {
  row: InetRow
}

function aboutPort(port: number, sockets: readonly Socket[]): string[] {
  const own = sockets.filter((socket): socket is InetSocket => isInetRow(socket.row) && socket.row.localPort === port)
  if (own.length === 0) return [`nothing uses port ${port}`]
  const listeners = own.filter(({ row }) => isWaiting(row))
  const bound = own.filter(({ row }) => isTcp(row) && row.state === TCP_STATE.close)
  const connected = own.length - listeners.length - bound.length
  const texts: string[] = []
  if (listeners.length > 0) texts.push(listenersText(port, listeners))
  for (const socket of bound.slice(0, MOST)) texts.push(`${holder(socket)} is bound to ${port} but does not listen`)
  if (listeners.length === 0 && connected > 0)
    texts.push(`port ${port} has ${connected} connection${connected === 1 ? '' : 's'} and no listener`)
  return texts
}

const isTcp = (row: InetRow) => row.table === 'tcp' || row.table === 'tcp6'
const isWaiting = (row: InetRow) => (isTcp(row) ? row.state === TCP_STATE.listen : isUnspecifiedIp(row.remoteAddress))

function listenersText(port: number, listeners: readonly InetSocket[]): string {
  const addresses = [...new Set(listeners.map(({ row }) => unmapIp(row.localAddress)))]
  const holders = [...new Set(listeners.map(holder))]
  const verb = listeners.some(({ row }) => isTcp(row)) ? 'listens' : 'receives UDP'
  const only = addresses.every(isLoopbackIp) ? ' only' : ''
  return `${port} ${verb} on ${addresses.join(', ')}${only} (${holders.join(', ')})`
}

function holder(socket: Socket): string {
  const owners = ownersText(socket)
  return owners === '-' ? 'a process that could not be seen' : owners
}

/** Sockets that meet all of a chain of predicates but one. */
function nearMisses(tree: FilterNode, sockets: readonly Socket[], context: FilterContext): string[] {
  const terms = [...termsOf(tree)]
  if (terms.length < 2) return []
  const missed = terms.map(() => 0)
  for (const socket of sockets) {
    const not = terms.map((term, at) => ({ at, answer: evaluate(term, leaf => answerLeaf(leaf, socket, context)) }))
    const failing = not.filter(({ answer }) => answer !== true)
    if (failing.length === 1) missed[failing[0]!.at]! += 1
  }
  return terms
    .flatMap((term, at) =>
      // Of ports more is told than that.
      missed[at] === 0 || localPorts(term).size > 0
        ? []
        : [`${missed[at]} socket${missed[at] === 1 ? ' is' : 's are'} so but for: ${printFilter(term)}`],
    )
    .slice(0, MOST)
}

/** The terms of a chain of `and`. */
function* termsOf(node: FilterNode): Generator<FilterNode> {
  if (node.kind !== 'and') yield node
  else {
    yield* termsOf(node.left)
    yield* termsOf(node.right)
  }
}
