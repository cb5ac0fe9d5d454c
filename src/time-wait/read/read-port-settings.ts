import { optional } from '../../errors.ts'
import type { PortSettings } from './port-settings.ts'
import { parsePortList, parsePortRange } from './port-ranges.ts'
import { parseSysctlText } from './sysctl-text.ts'
import type { ProcSource } from '../../proc/proc-source.ts'

/**
 * The sysctls of the reader's own network namespace: /proc/sys shows no other, whatever pid is asked. A recording
 * holds them below `sys/` or, beside bare tables, in a file `sysctl` as sysctl(8) prints them.
 */
export function readPortSettings(source: ProcSource): PortSettings {
  const printed = source.isThisMachine ? undefined : optional(() => parseSysctlText(source.readFile('sysctl')))
  const text = (key: string): string | undefined =>
    printed?.get(key) ??
    optional(() =>
      source
        .readFile(`sys/${key.replaceAll('.', '/')}`)
        .toString('latin1')
        .trim(),
    )
  const number = (key: string): number | undefined => {
    const value = text(key)
    return value !== undefined && /^-?\d+$/.test(value) ? Number(value) : undefined
  }
  const ehash = number('net.ipv4.tcp_ehash_entries')
  const reserved = text('net.ipv4.ip_local_reserved_ports')
  const range = text('net.ipv4.ip_local_port_range')
  return {
    range: range === undefined ? undefined : parsePortRange(range),
    reserved: reserved === undefined ? undefined : parsePortList(reserved),
    twReuse: number('net.ipv4.tcp_tw_reuse'),
    twReuseDelayMs: number('net.ipv4.tcp_tw_reuse_delay'),
    maxTwBuckets: number('net.ipv4.tcp_max_tw_buckets'),
    finTimeoutS: number('net.ipv4.tcp_fin_timeout'),
    timestamps: number('net.ipv4.tcp_timestamps'),
    rfc1337: number('net.ipv4.tcp_rfc1337'),
    // Negative in a namespace that shares the table of the host.
    ehashEntries: ehash === undefined ? undefined : Math.abs(ehash),
    twTimeoutS: number('net.ipv4.tcp_tw_timeout'),
    somaxconn: number('net.core.somaxconn'),
    twRecycleFiles: filesThatSet(source, 'net.ipv4.tcp_tw_recycle'),
  }
}

const SETTINGS_FOLDERS = ['etc/sysctl.d', 'run/sysctl.d', 'usr/lib/sysctl.d']

/** Files of sysctl.d(5) that set `key`, seen through /proc/self/root. */
function filesThatSet(source: ProcSource, key: string): string[] {
  const folders = SETTINGS_FOLDERS.flatMap(folder =>
    (optional(() => source.list(`self/root/${folder}`)) ?? [])
      .filter(name => name.endsWith('.conf'))
      .map(name => `${folder}/${name}`),
  )
  return [...folders, 'etc/sysctl.conf']
    .filter(path => optional(() => parseSysctlText(source.readFile(`self/root/${path}`)).has(key)) === true)
    .map(path => `/${path}`)
}
