import { isReject, routeFlagLetters } from '../meanings/route-flags.ts'
import { escapeBytes } from '../../terminal/escape.ts'
import type { Document, Envelope, Origin, Remarks } from '../../terminal/json.ts'
import type { FullRoute, Route, RoutesReport } from '../model.ts'

/** Document of `mynetstat -r`. */
export interface RoutesDocument extends Envelope, Remarks {
  schema: 'linsight/routes/1'
  /** Routes that /proc lists: of IPv4 the main table, of IPv6 all tables without their names. */
  routes: RouteJson[]
  /** With -v, where ip(8) is there: routes of every type and table with all next hops. */
  allRoutes?: FullRouteJson[] | undefined
}

export interface RouteJson {
  family: 'inet' | 'inet6'
  destination: string
  /** Absent where the mask has holes. */
  prefixLength?: number | undefined
  /** Absent where the destination is on the link, or there is none. */
  gateway?: string | undefined
  /** Absent where the route has none. */
  interface?: string | undefined
  /** What can be told of its type: /proc does not tell unreachable from prohibit, nor blackhole from throw. */
  kind: 'route' | 'unreachable-or-prohibit' | 'blackhole-or-throw'
  /** netstat's letters. */
  flags: string
  flagBits: number
  metric: number
  refCount: number
  useCount: number
  /** IPv4: 40 more than the MSS that is announced; absent where none is set. */
  mssPlus40?: number | undefined
  /** IPv4. */
  windowBytes?: number | undefined
  /** IPv4: first estimate of the round trip, in the units of the kernel. */
  irtt?: number | undefined
}

export interface FullRouteJson {
  family: 'inet' | 'inet6'
  table: string
  /** unicast, local, broadcast, blackhole, unreachable, prohibit, throw … */
  type: string
  destination: string
  nextHops: { gateway?: string | undefined; interface?: string | undefined; weight?: number | undefined }[]
  protocol?: string | undefined
  scope?: string | undefined
  source?: string | undefined
  metric?: number | undefined
  mtuBytes?: number | undefined
}

/** The document `linsight/routes/1`. */
export function routesDocument(origin: Origin, { routes, full }: RoutesReport): Document<RoutesDocument, 'routes'> {
  return {
    what: 'routes',
    origin,
    lists: { routes: routes.map(routeJson) },
    facts: { allRoutes: full?.map(fullRouteJson) },
  }
}

function routeJson(route: Route): RouteJson {
  const { family, destination, prefixLength, gateway, interfaceName, flags, metric, refCount, useCount } = route
  const rejects = isReject(flags)
  const ipv4 =
    family === 'inet'
      ? {
          mssPlus40: route.mtu || undefined,
          windowBytes: route.windowBytes || undefined,
          irtt: route.irtt || undefined,
        }
      : {}
  return {
    family,
    destination,
    prefixLength,
    gateway: gateway === '0.0.0.0' || gateway === '::' ? undefined : gateway,
    interface: interfaceName === '*' ? undefined : escapeBytes(interfaceName),
    kind: rejects ? 'unreachable-or-prohibit' : interfaceName === '*' ? 'blackhole-or-throw' : 'route',
    flags: routeFlagLetters(flags, family),
    flagBits: flags,
    metric,
    refCount,
    useCount,
    ...ipv4,
  }
}

const fullRouteJson = ({ nextHops, mtu, ...route }: FullRoute): FullRouteJson => ({
  ...route,
  nextHops: nextHops.map(({ gateway, interfaceName, weight }) => ({ gateway, interface: interfaceName, weight })),
  mtuBytes: mtu,
})
