import { unmapIp } from '../../kernel/ip-address.ts'
import type { Owner } from '../../processes/owner.ts'
import { programName } from '../../processes/process-facts.ts'
import type { FactLevel } from '../../processes/read-process-facts.ts'
import { escapeBytes } from '../../terminal/escape.ts'
import type { Socket } from '../model.ts'
import { protocolText, stateText } from '../show/cell-text.ts'
import { isInetRow } from '../tables/socket-row.ts'

/** What names a group depends on beside the socket. */
export interface GroupContext {
  user: (uid: number) => string | undefined
}

interface GroupKey {
  meaning: string
  header: string
  /** It is asked of each process that holds a socket, and how much has to be known of them. */
  owners?: FactLevel
  /** Only rows with every column have it. */
  details?: true
  /** Undefined where the socket has no such thing, or it is not known. */
  value(socket: Socket, owner: Owner | undefined, context: GroupContext): string | undefined
}

const inet = ({ row }: Socket) => (isInetRow(row) ? row : undefined)
const port = (value: number | undefined) => (value === undefined ? undefined : String(value))
const bytes = (value: string | undefined) => value && escapeBytes(value)

/** What sockets are grouped by; `--group-by` and `--fail-on … by` take these names. */
export const GROUP_KEYS = {
  process: {
    meaning: 'pid and program of each process that holds it',
    header: 'Process',
    owners: 'name',
    value: (_, owner) => owner && `${owner.process.pid}/${escapeBytes(programName(owner.process) || '-')}`,
  },
  program: {
    meaning: 'program, all its processes together',
    header: 'Program',
    owners: 'name',
    value: (_, owner) => owner && escapeBytes(programName(owner.process) || '-'),
  },
  unit: {
    meaning: 'systemd unit',
    header: 'Unit',
    owners: 'full',
    value: (_, owner) => bytes(owner?.process.unit),
  },
  container: {
    meaning: 'container',
    header: 'Container',
    owners: 'full',
    value: (_, owner) => bytes(owner?.process.container),
  },
  user: {
    meaning: 'who made it',
    header: 'User',
    details: true,
    value: ({ row }, _, { user }) =>
      'uid' in row && row.inode !== '0' ? (user(row.uid) ?? String(row.uid)) : undefined,
  },
  proto: { meaning: 'protocol', header: 'Proto', value: socket => protocolText(socket) },
  state: { meaning: 'state', header: 'State', value: socket => stateText(socket) || undefined },
  'local-address': {
    meaning: 'own address',
    header: 'Local IP',
    value: s => inet(s) && unmapIp(inet(s)!.localAddress),
  },
  'local-port': { meaning: 'own port', header: 'Local Port', value: s => port(inet(s)?.localPort) },
  'foreign-address': {
    meaning: 'address of the peer',
    header: 'Foreign IP',
    value: s => inet(s) && unmapIp(inet(s)!.remoteAddress),
  },
  'foreign-port': { meaning: 'port of the peer', header: 'Foreign Port', value: s => port(inet(s)?.remotePort) },
  netns: {
    meaning: 'network namespace',
    header: 'Namespace',
    value: ({ netns }) => netns && escapeBytes(netns.label),
  },
  reason: {
    meaning: 'why it has no owner',
    header: 'Why',
    owners: 'name',
    value: ({ ownerless }) => ownerless?.reason,
  },
} as const satisfies Record<string, GroupKey>

export type GroupKeyName = keyof typeof GROUP_KEYS

export const GROUP_KEY_NAMES = Object.keys(GROUP_KEYS) as GroupKeyName[]

export const groupKey = (name: GroupKeyName): GroupKey => GROUP_KEYS[name]

/** How much of owners has to be known for these keys. */
export function ownersFor(keys: readonly GroupKeyName[]): FactLevel | undefined {
  const levels = new Set(keys.map(name => groupKey(name).owners))
  return levels.has('full') ? 'full' : levels.has('name') ? 'name' : undefined
}
