import { spawnSync } from 'node:child_process'
import { findTool } from '../children/find-tool.ts'

const FOLDER = '/proc/sys/net/ipv4/'
const NAMES = [
  'ip_local_port_range',
  'ip_local_reserved_ports',
  'tcp_tw_reuse',
  'tcp_tw_reuse_delay',
  'tcp_max_tw_buckets',
  'tcp_fin_timeout',
  'tcp_timestamps',
  'tcp_rfc1337',
  'tcp_ehash_entries',
  'tcp_tw_timeout',
]
const DEADLINE_MS = 5000

/**
 * The settings of the network namespace at `entrance` (`/proc/1234/ns/net`), by path below /proc. /proc/sys/net is that
 * of the reader, so a child enters the namespace to read them; needs root and nsenter(1), empty without.
 */
export function settingsOfNamespace(entrance: string): Map<string, string> {
  const nsenter = findTool(['nsenter'])
  const grep = findTool(['grep'])
  if (nsenter === undefined || grep === undefined) return new Map()
  const { stdout } = spawnSync(
    nsenter,
    [`--net=${entrance}`, '--', grep, '-s', '-H', '', ...NAMES.map(name => FOLDER + name)],
    { stdio: ['ignore', 'pipe', 'ignore'], timeout: DEADLINE_MS, encoding: 'latin1' },
  )
  return parseGrepped(stdout ?? '')
}

/** `/proc/sys/net/ipv4/tcp_tw_reuse:2`, a line for each file. */
export function parseGrepped(text: string): Map<string, string> {
  const values = new Map<string, string>()
  for (const line of text.split('\n')) {
    const [, path, value] = /^\/proc\/([^:]+):(.*)$/.exec(line) ?? []
    if (path !== undefined) values.set(path, value!)
  }
  return values
}
