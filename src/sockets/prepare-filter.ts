import { statSync } from 'node:fs'
import { optional } from '../errors.ts'
import type { ProcSource } from '../proc/proc-source.ts'
import type { FilterContext } from './filter/answers.ts'
import { refuseUnknownHosts } from './filter/host-names.ts'
import type { SocketFilter } from './filter/socket-filter.ts'
import { FilterError } from './filter/language/tokens.ts'
import { leavesOf } from './filter/language/tree.ts'
import { parseHostAddresses } from './names/etc-files.ts'
import { interfaceNames } from './names/interface-names.ts'
import { forwardLookup, readNameFile } from './names/name-service.ts'
import { usersOf } from './names/resolve-names.ts'
import type { FilterRequest } from './filter/filter-request.ts'

/** Names that were not found by then are not known. */
const LOOKUP_LIMIT_MS = 2000

/** Everything that a filter asks of the machine before the first socket is read. */
export async function prepareFilter(source: ProcSource, request: FilterRequest): Promise<SocketFilter> {
  const kinds = new Set([...leavesOf(request.tree)].map(leaf => (leaf.kind === 'text' ? leaf.field : leaf.kind)))
  const indexes = kinds.has('device') || kinds.has('host') ? indexesByName(source) : NO_INDEXES
  const users = kinds.has('user') ? usersOf(source) : new Map<number, string>()
  const context: FilterContext = {
    onlyUnix: request.onlyUnix,
    hosts: await addressesOf(source, request),
    cgroupIds: cgroupIdsOf(source, request),
    interfaceIndex: name => indexes.get(name),
    unixPath: () => undefined,
    user: uid => users.get(uid),
    userHz: source.meta.userHz ?? 100,
    netns: kinds.has('netns') ? ownNamespace(source) : [],
    ephemeralPorts: kinds.has('autobound') ? portRange(source) : undefined,
  }
  return { tree: request.tree, context }
}

const NO_INDEXES: ReadonlyMap<string, number> = new Map()

function indexesByName(source: ProcSource): ReadonlyMap<string, number> {
  return new Map([...interfaceNames(source, 'net')].map(([index, name]) => [name, index]))
}

/** Addresses of every name of a host. */
async function addressesOf(source: ProcSource, request: FilterRequest): Promise<Map<string, string[]>> {
  const addresses = new Map<string, string[]>()
  for (const { name } of request.hostNames) if (!addresses.has(name)) addresses.set(name, await lookUp(source, name))
  refuseUnknownHosts(request, addresses, source.isThisMachine ? 'give its address' : NOT_LOOKED_UP)
  return addresses
}

const NOT_LOOKED_UP = 'for a recording only localhost is: other names may mean another machine here; give the address'

async function lookUp(source: ProcSource, name: string): Promise<string[]> {
  if (!source.isThisMachine) return name === 'localhost' ? ['127.0.0.1', '::1'] : []
  const listed = parseHostAddresses(readNameFile('hosts'), name)
  if (listed.length > 0) return listed
  return name === 'localhost' ? ['127.0.0.1', '::1'] : forwardLookup(name, LOOKUP_LIMIT_MS)
}

/** A cgroup is known to a socket by the inode of its folder, which the paths of a recording do not have here. */
function cgroupIdsOf(source: ProcSource, { tree, line }: FilterRequest): Map<string, string> {
  const ids = new Map<string, string>()
  if (!source.isThisMachine) return ids
  for (const leaf of leavesOf(tree)) {
    if (leaf.kind !== 'cgroup') continue
    const id = CGROUP_ROOTS.map(root => cgroupIdOf(root + leaf.path)).find(inode => inode !== undefined)
    if (id === undefined) {
      const at = line.indexOf(leaf.path)
      const token = { text: leaf.path, at: Math.max(0, at), length: leaf.path.length }
      throw new FilterError(`${leaf.path} is no folder of a cgroup`, line, token, 'such as /sys/fs/cgroup/system.slice')
    }
    ids.set(leaf.path, id)
  }
  return ids
}

/** A path as it stands, or as /proc/PID/cgroup has it below one of these. */
const CGROUP_ROOTS = ['', '/sys/fs/cgroup', '/sys/fs/cgroup/', '/sys/fs/cgroup/unified']

/** The inode of a folder of cgroup2; of no other folder. */
const cgroupIdOf = (path: string) =>
  optional(() => {
    statSync(`${path}/cgroup.controllers`)
    return statSync(path, { bigint: true }).ino.toString()
  })

function ownNamespace(source: ProcSource): string[] {
  const name = source.meta.netns ?? optional(() => source.readLink('self/ns/net'))
  return name === undefined ? [] : [name]
}

function portRange(source: ProcSource): FilterContext['ephemeralPorts'] {
  const text = optional(() => source.readFile('sys/net/ipv4/ip_local_port_range').toString('latin1'))
  const [, low, high] = /^(\d+)\s+(\d+)\s*$/.exec(text ?? '') ?? []
  return low === undefined ? undefined : { low: Number(low), high: Number(high) }
}
