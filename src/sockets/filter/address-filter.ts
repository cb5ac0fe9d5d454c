import type { Warning } from '../../warnings.ts'
import { UsageError } from '../../errors.ts'
import { compare } from './compare.ts'
import { evaluate, type Answer } from './evaluate.ts'
import { isOneOf } from './host-answers.ts'
import { refuseUnknownHosts } from './host-names.ts'
import { parseFilter } from './language/parse-filter.ts'
import { printFilter } from './language/print-filter.ts'
import { leavesOf, type FilterLeaf } from './language/tree.ts'
import { wordOf } from './socket-filter.ts'

/** Both ends of connections that are counted together; undefined where they differ in it. */
export interface ConnectionEnds {
  src?: string | undefined
  sport?: number | undefined
  dst?: string | undefined
  dport?: number | undefined
}

/** A filter by addresses and ports alone, of what is no single socket. */
export interface AddressFilter {
  /** As it was read. */
  text: string
  warnings: Warning[]
  /** A predicate about what differs in them selects neither way. */
  selects: (ends: ConnectionEnds) => boolean
}

const HOSTS: ReadonlyMap<string, readonly string[]> = new Map([['localhost', ['127.0.0.1', '::1']]])

/** @throws UsageError where the line cannot be read, or asks for more than addresses and ports */
export function addressFilter(line: string, service: (name: string) => readonly number[]): AddressFilter {
  const parsed = parseFilter(line, { family: 'inet', service })
  const { tree, warnings } = parsed
  for (const leaf of leavesOf(tree)) {
    if (leaf.kind === 'ports' || leaf.kind === 'port' || (leaf.kind === 'host' && leaf.host.family === 'inet')) continue
    throw new UsageError(`${wordOf(leaf)} is no question to sums of connections`, {
      hint: 'they are selected by src, dst, sport and dport; mynetstat selects single sockets',
    })
  }
  refuseUnknownHosts(parsed, HOSTS, 'give its address')
  return { text: printFilter(tree), warnings, selects: ends => evaluate(tree, leaf => answer(leaf, ends)) === true }
}

function answer(leaf: FilterLeaf, ends: ConnectionEnds): Answer {
  if (leaf.kind === 'ports') {
    const known = [ends.sport, ends.dport].filter(port => port !== undefined)
    return known.length === 0 ? 'foreign' : known.some(port => leaf.ports.includes(port))
  }
  if (leaf.kind === 'port') {
    const port = leaf.end === 'src' ? ends.sport : ends.dport
    if (leaf.port === '*') return compare(0, leaf.operator, 0)
    return port === undefined ? 'foreign' : compare(port, leaf.operator, leaf.port)
  }
  if (leaf.kind !== 'host' || leaf.host.family !== 'inet') return 'foreign'
  const [address, port] = leaf.end === 'src' ? [ends.src, ends.sport] : [ends.dst, ends.dport]
  const { host } = leaf
  if (host.port !== undefined && port === undefined) return 'foreign'
  if (host.port !== undefined && host.port !== port) return false
  if (host.address === '*' && host.only === undefined) return true
  if (address === undefined) return 'foreign'
  if (host.only !== undefined && address.includes(':') !== (host.only === 'inet6')) return 'foreign'
  return isOneOf([address], host, HOSTS)
}
