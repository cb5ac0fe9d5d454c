import { errnoOf, optional } from '../../errors.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import type { InterfaceAddress, InterfacesReport } from '../model.ts'
import { parseDeviceCounters } from '../tables/device-counters.ts'
import { parseIpv6Addresses } from '../tables/interface-addresses.ts'
import type { LinkFacts } from '../tables/ip-json.ts'
import { readInterfaceSettings } from './interface-settings.ts'

/** The interfaces of the network namespace. `links`: what ip(8) told of them, where it was asked. */
export function readInterfaces(source: ProcSource, links: readonly LinkFacts[] | undefined): InterfacesReport {
  const report: InterfacesReport = {
    interfaces: [],
    ipv4AddressesKnown: links !== undefined,
    bogus: [],
    missing: [],
  }
  const told = new Map(links?.map(link => [link.name, link]))
  const settings = readInterfaceSettings(source)
  const ipv6 =
    optional(() => parseIpv6Addresses(source.readFile('net/if_inet6'))) ?? new Map<string, InterfaceAddress[]>()
  let devices: ReturnType<typeof parseDeviceCounters> = { rows: [], bogus: [] }
  try {
    devices = parseDeviceCounters(source.readFile('net/dev'))
  } catch (error) {
    report.missing.push({ path: 'net/dev', code: errnoOf(error) })
  }
  report.bogus = devices.bogus
  const counters = new Map(devices.rows.map(row => [row.name, row]))
  for (const name of new Set([...counters.keys(), ...told.keys()])) {
    const ofSys = settings?.get(name)
    const ofIp = told.get(name)
    report.interfaces.push({
      name,
      counters: counters.get(name),
      facts: ofIp ? { ...ofIp.facts, details: ofSys?.details ?? new Map() } : ofSys,
      addresses: [...(ofIp?.addresses.filter(({ family }) => family === 'inet') ?? []), ...(ipv6.get(name) ?? [])],
    })
  }
  return report
}
