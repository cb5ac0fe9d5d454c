import { isUnspecifiedIp, unmapIp } from '../../../kernel/ip-address.ts'
import { isCached, isHostRoute, isReject, isUp, routeFlagLetters } from '../../meanings/route-flags.ts'
import { addressNumber } from '../../address-number.ts'
import type { Ipv4Route, Ipv6Route, RoutesReport } from '../../model.ts'
import type { RouteNames } from '../../model.ts'

export interface CompatRouteOptions {
  ipv4: boolean
  ipv6: boolean
  /** How often -e was given. */
  extend: number
  /** -F, or neither -F nor -C. */
  table: boolean
  /** -C: the cache, which kernels since 3.6 do not have. */
  cache: boolean
  /** -n, --numeric-hosts or -N. */
  numeric: boolean
}

type Ipv4Form = 'plain' | 'e' | 'ee'

const HEADINGS: Readonly<Record<Ipv4Form, string>> = {
  plain: 'Flags   MSS Window  irtt Iface',
  e: 'Flags Metric Ref    Use Iface',
  ee: 'Flags Metric Ref    Use Iface    MSS   Window irtt',
}

/** Byte for byte what `netstat -r` of net-tools 2.10 prints. */
export function* compatRoutes(
  { routes }: RoutesReport,
  names: RouteNames,
  options: CompatRouteOptions,
): Generator<string> {
  if (options.ipv4) {
    const form: Ipv4Form = options.extend === 0 ? 'plain' : options.extend === 1 ? 'e' : 'ee'
    if (options.table) {
      yield `Kernel IP routing table\nDestination     Gateway         Genmask         ${HEADINGS[form]}\n`
      for (const route of routes)
        if (route.family === 'inet' && isUp(route.flags)) yield ipv4Line(route, names, options.numeric, form)
    }
    if (options.cache)
      yield `Kernel IP routing cache\nSource          Destination     Gateway         ${HEADINGS[form]}${form === 'ee' ? '  HH  Arp' : ''}\n`
  }
  if (options.ipv6) {
    for (const cached of [...(options.table ? [false] : []), ...(options.cache ? [true] : [])]) {
      yield `Kernel IPv6 routing ${cached ? 'cache' : 'table'}\n`
      yield 'Destination                    Next Hop                   Flag Met Ref  Use If\n'
      for (const route of routes)
        if (route.family === 'inet6' && isCached(route.flags) === cached) yield ipv6Line(route, names, options.numeric)
    }
  }
}

const ADDRESS_WIDTH = 15

function ipv4Line(route: Ipv4Route, names: RouteNames, numeric: boolean, form: Ipv4Form): string {
  const { metric, refCount, useCount, interfaceName, mtu, windowBytes, irtt } = route
  const cut = (text: string) => text.slice(0, ADDRESS_WIDTH).padEnd(ADDRESS_WIDTH)
  const gateway =
    numeric || isUnspecifiedIp(route.gateway) ? route.gateway : (names.host(route.gateway) ?? route.gateway)
  const letters = routeFlagLetters(route.flags, 'inet').padEnd(5)
  const rejects = isReject(route.flags)
  const start = `${cut(destinationText(route, names, numeric))} ${cut(rejects ? '-' : gateway)} ${cut(route.mask)} ${letters}`
  // A kernel that counts past 2^31 is printed with a sign.
  const metricText = String(metric | 0)
  if (form === 'plain')
    return rejects
      ? `${start}     - -          - -\n`
      : `${start} ${String(mtu).padStart(5)} ${String(windowBytes).padEnd(5)} ${String(irtt).padStart(6)} ${interfaceName}\n`
  const use = String(useCount)
  if (form === 'e')
    return rejects
      ? `${start} ${metricText.padEnd(6)} -  ${use.padStart(7)} -\n`
      : `${start} ${metricText.padEnd(6)} ${String(refCount).padEnd(2)} ${use.padStart(7)} ${interfaceName}\n`
  return rejects
    ? `${start} ${metricText.padEnd(6)} -  ${use.padStart(7)} -        -     -      -\n`
    : `${start} ${metricText.padEnd(6)} ${String(refCount).padEnd(3)} ${use.padStart(6)} ${interfaceName.slice(0, 6).padEnd(6)}   ${String(mtu).padEnd(5)} ${String(windowBytes).padEnd(6)} ${irtt}\n`
}

/** A destination with bits behind its mask, or of a host route, is a host, any other one a network. */
function destinationText({ destination, mask, flags }: Ipv4Route, names: RouteNames, numeric: boolean): string {
  if (numeric) return destination
  if (isUnspecifiedIp(destination)) return isUnspecifiedIp(mask) ? 'default' : destination
  const isHost = isHostRoute(flags) || (addressNumber(destination) & ~addressNumber(mask)) !== 0
  return (isHost ? names.host(destination) : names.network(destination)) ?? destination
}

function ipv6Line(route: Ipv6Route, names: RouteNames, numeric: boolean): string {
  const address = (text: string) =>
    unmapIp(numeric ? text : isUnspecifiedIp(text) ? '[::]' : (names.host(text) ?? text))
  const destination = `${address(route.destination)}/${route.prefixLength}`
  return `${destination.padEnd(30)} ${address(route.gateway).padEnd(26)} ${routeFlagLetters(route.flags, 'inet6').padEnd(4)} ${String(route.metric | 0).padEnd(3)} ${route.refCount | 0} ${String(route.useCount | 0).padStart(6)} ${route.interfaceName}\n`
}
