import type { FactLevel } from '../../processes/read-process-facts.ts'
import { TCP_STATE } from '../../kernel/tcp-state.ts'
import type { TableName } from '../tables/socket-row.ts'
import { evaluate, type Answer } from './evaluate.ts'
import { fieldFacts } from './language/fields.ts'
import { asksBound, tableStateBits } from './language/state-words.ts'
import { hasPorts, leavesOf, type FilterLeaf, type FilterNode } from './language/tree.ts'

/** What has to be read so that a filter can be answered. */
export interface FilterNeeds {
  owners: FactLevel | undefined
  /** Reasons why a socket has no owner. */
  reasons: boolean
  /** Users, timers and retransmits. */
  details: boolean
  /** What only the kernel's own answer has: marks, devices, cgroups, peers of unix sockets. */
  kernel: boolean
  /** tcp_info of it. */
  tcpInfo: boolean
  /** TCP sockets that are bound and no more. */
  bound: boolean
  /** It says itself which states are meant. */
  states: boolean
}

export function needsOf(tree: FilterNode): FilterNeeds {
  const leaves = [...leavesOf(tree)]
  const facts = leaves.flatMap(leaf => (leaf.kind === 'number' || leaf.kind === 'text' ? [fieldFacts(leaf.field)] : []))
  const levels = new Set(facts.map(({ owners }) => owners))
  return {
    owners: levels.has('full') ? 'full' : levels.has('name') ? 'name' : undefined,
    reasons: leaves.some(leaf => leaf.kind === 'text' && leaf.field === 'reason'),
    details: facts.some(({ details }) => details),
    kernel: facts.some(({ kernel }) => kernel) || leaves.some(asksKernel),
    tcpInfo: facts.some(({ kernel }) => kernel),
    bound: leaves.some(leaf => leaf.kind === 'state' && asksBound(leaf.states)),
    states: leaves.some(({ kind }) => kind === 'state'),
  }
}

function asksKernel(leaf: FilterLeaf): boolean {
  if (leaf.kind === 'host') return leaf.host.family === 'unix' && leaf.end === 'dst'
  return leaf.kind === 'device' || leaf.kind === 'mark' || leaf.kind === 'cgroup'
}

/** Whether some socket of this table may be selected. */
export function maySelect(tree: FilterNode, table: TableName, onlyUnix: boolean): boolean {
  return isPossible(evaluate(tree, leaf => answerOfTable(leaf, table, onlyUnix)))
}

/** Whether of TCP and unix sockets only listeners can be selected: then no more has to be read. */
export function selectsOnlyListeners(tree: FilterNode): boolean {
  return !LOOKED_AT.some(({ table, bits }) =>
    isPossible(
      evaluate(tree, leaf =>
        leaf.kind === 'state' ? (leaf.states & bits) !== 0 : answerOfTable(leaf, table, table === 'unix'),
      ),
    ),
  )
}

/** Every state but that of a listener. */
const LOOKED_AT = (['tcp', 'unix'] as const).flatMap(table =>
  Object.values(TCP_STATE)
    .filter(state => state !== TCP_STATE.listen)
    .map(state => ({ table, bits: tableStateBits(table === 'tcp', state) })),
)

const isPossible = (answer: Answer) => answer === true || answer === 'unknown'

/** Fields that only TCP has. */
const OF_TCP: ReadonlySet<string> = new Set(['rtt', 'retrans'])

/** What is known of every socket of a table before it is read. */
function answerOfTable(leaf: FilterLeaf, table: TableName, onlyUnix: boolean): Answer {
  const isInet = hasPorts(table)
  switch (leaf.kind) {
    case 'ports':
    case 'port':
      return isInet || (table === 'unix' && onlyUnix) ? 'unknown' : 'foreign'
    case 'mark':
    case 'cgroup':
      return isInet ? 'unknown' : 'foreign'
    case 'device':
      return isInet || table === 'packet' ? 'unknown' : 'foreign'
    case 'autobound':
      return isInet || table === 'unix' ? 'unknown' : 'foreign'
    case 'host':
      return hostOfTable(leaf, table)
    case 'number':
      return OF_TCP.has(leaf.field) && !(table === 'tcp' || table === 'tcp6') ? 'foreign' : 'unknown'
    default:
      return 'unknown'
  }
}

function hostOfTable({ host }: Extract<FilterLeaf, { kind: 'host' }>, table: TableName): Answer {
  switch (host.family) {
    case 'inet': {
      const { only, address, port } = host
      if (!hasPorts(table)) return only === undefined && address === '*' && port === undefined ? true : 'foreign'
      if (only !== undefined && table !== 'sctp' && table.endsWith('6') !== (only === 'inet6')) return 'foreign'
      return 'unknown'
    }
    case 'unix':
      return table === 'unix' ? 'unknown' : 'foreign'
    case 'link':
      return table === 'packet' ? 'unknown' : 'foreign'
    case 'netlink':
      return table === 'netlink' ? 'unknown' : 'foreign'
    case 'vsock':
      return 'foreign'
  }
}
