import type { Socket } from '../model.ts'
import { isInetRow } from '../tables/socket-row.ts'
import { negated, type Answer } from './evaluate.ts'
import { answerHost, isInterface, portNumberOf, type HostContext } from './host-answers.ts'
import { answerNumber, answerText, compareInodes, type OwnerContext } from './own-answers.ts'
import { compare } from './compare.ts'
import { stateBits } from './language/state-words.ts'
import { hasPorts, type FilterLeaf } from './language/tree.ts'

/** What answers depend on beside the socket. */
export interface FilterContext extends HostContext, OwnerContext {
  /** Only unix sockets are listed: then their "ports" are inodes, as ss has it. */
  onlyUnix: boolean
  /** Paths of cgroups in the filter → their ids. */
  cgroupIds: ReadonlyMap<string, string>
  /** Ports that the kernel gives to who asks for none. */
  ephemeralPorts?: { low: number; high: number } | undefined
}

/** What one predicate says of one socket. */
export function answerLeaf(leaf: FilterLeaf, socket: Socket, context: FilterContext): Answer {
  const { row } = socket
  switch (leaf.kind) {
    case 'state':
      return (leaf.states & stateBits(row)) !== 0
    case 'ports':
      return either(socket, context, port => leaf.ports.includes(port))
    case 'port':
      return answerPort(leaf, socket, context)
    case 'host':
      return answerHost(leaf, socket, context)
    case 'device':
      return unlessEqual(leaf.operator, answerDevice(leaf.device, socket, context))
    case 'mark':
      return unlessEqual(leaf.operator, answerMark(leaf, socket))
    case 'cgroup':
      return unlessEqual(leaf.operator, answerCgroup(leaf.path, socket, context))
    case 'autobound':
      return answerAutobound(socket, context)
    case 'inode':
      return compareInodes(row.inode, leaf.operator, leaf.inode)
    case 'number':
      return answerNumber(leaf, socket, context)
    case 'text':
      return answerText(leaf, socket, context)
  }
}

const unlessEqual = (operator: '=' | '!=', answer: Answer) => (operator === '=' ? answer : negated(answer))

function either({ row }: Socket, { onlyUnix }: FilterContext, fits: (port: number) => boolean): Answer {
  if (!hasPorts(row.table) && !onlyUnix) return 'foreign'
  return 'localPort' in row && (fits(row.localPort) || fits(row.remotePort))
}

function answerPort(
  { end, operator, port }: Extract<FilterLeaf, { kind: 'port' }>,
  socket: Socket,
  { onlyUnix }: FilterContext,
): Answer {
  const { table } = socket.row
  if (table === 'packet' || table === 'netlink' || (table === 'unix' && !onlyUnix)) return 'foreign'
  // Any port is as high as any other.
  if (port === '*') return operator === '=' || operator === '<=' || operator === '>='
  const number = portNumberOf(socket, end)
  return number === undefined ? 'unknown' : compare(number, operator, port)
}

function answerDevice(device: string, { row, kernel, interfaceName }: Socket, context: FilterContext): Answer {
  if (row.table === 'unix' || row.table === 'netlink') return 'foreign'
  const index = row.table === 'packet' ? row.interfaceIndex : kernel && (kernel.interfaceIndex ?? 0)
  if (index === undefined) return 'unknown'
  if (index === 0) return false
  return isInterface(device, index, interfaceName, context)
}

function answerMark({ value, mask }: Extract<FilterLeaf, { kind: 'mark' }>, { row, kernel }: Socket): Answer {
  if (!isInetRow(row)) return 'foreign'
  if (kernel?.mark === undefined) return 'unknown'
  // As unsigned numbers of 32 bits.
  return (kernel.mark & mask) >>> 0 === value
}

function answerCgroup(path: string, { row, kernel }: Socket, { cgroupIds }: FilterContext): Answer {
  if (!isInetRow(row)) return 'foreign'
  const id = cgroupIds.get(path)
  return id === undefined || kernel?.cgroupId === undefined ? 'unknown' : kernel.cgroupId === id
}

/**
 * The kernel chose the port or name. Of a port no table says it: one that the kernel never gives was bound, of any other it
 * is not known.
 */
function answerAutobound({ row }: Socket, { ephemeralPorts }: FilterContext): Answer {
  if (row.table === 'unix') return row.path === undefined || row.path === '' || /^@[0-9a-f]{5}$/.test(row.path)
  if (!isInetRow(row)) return 'foreign'
  if (ephemeralPorts === undefined) return 'unknown'
  return row.localPort < ephemeralPorts.low || row.localPort > ephemeralPorts.high ? false : 'unknown'
}
