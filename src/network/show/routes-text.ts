import { isUnspecifiedIp } from '../../kernel/ip-address.ts'
import { isReject, routeFlagLetters } from '../meanings/route-flags.ts'
import { columnLines, type Column } from '../../terminal/columns.ts'
import { escapeBytes, escapeText, quoted } from '../../terminal/escape.ts'
import type { FullRoute, Ipv4Route, Ipv6Route, RoutesReport } from '../model.ts'
import type { RouteNames } from '../model.ts'
import type { ViewLayout } from './counters-text.ts'

export interface RoutesLayout extends ViewLayout {
  ipv4: boolean
  ipv6: boolean
  /** -e once or more often. */
  extend: number
  /** -W */
  wide: boolean
}

/** netstat's columns; names as one word each. */
export function* routesText(
  { routes, full }: RoutesReport,
  names: RouteNames,
  layout: RoutesLayout,
): Generator<string> {
  const { theme, extend } = layout
  const title = (text: string) => `${theme.heading(text)}\n`
  if (full !== undefined) {
    for (const family of ['inet', 'inet6'] as const) {
      if (!(family === 'inet' ? layout.ipv4 : layout.ipv6)) continue
      yield title(`${family === 'inet' ? 'IPv4' : 'IPv6'} routes of every table`)
      yield* table(
        FULL_COLUMNS,
        full.filter(route => route.family === family),
        layout,
        ['Proto', 'Scope', 'MTU', 'Source', 'Metric'],
      )
    }
    return
  }
  const word = (address: string) => quoted(escapeText(names.host(address) ?? address))
  if (layout.ipv4) {
    yield title('Kernel IP routing table')
    yield* table(
      ipv4Columns(names, word, extend),
      routes.filter(route => route.family === 'inet'),
      layout,
      LEAVE,
    )
  }
  if (layout.ipv6) {
    yield title('Kernel IPv6 routing table')
    yield* table(
      ipv6Columns(word),
      routes.filter(route => route.family === 'inet6'),
      layout,
      LEAVE,
    )
  }
}

const LEAVE = ['irtt', 'Window', 'MSS', 'Use', 'Ref', 'Metric', 'Met', 'Genmask']

function table<Row>(
  columns: Column<Row>[],
  rows: readonly Row[],
  { theme, width, wide }: RoutesLayout,
  leave: string[],
) {
  const layout = { widths: 'fit', header: true, color: theme.enabled } as const
  return columnLines(columns, rows, wide ? layout : { ...layout, width, leave, bringBack: '-W' })
}

const number = <Row>(header: string, minWidth: number, cell: (row: Row) => number | undefined): Column<Row> => ({
  header,
  minWidth,
  align: 'right',
  cell: row => String(cell(row) ?? '-'),
})

function ipv4Columns(names: RouteNames, word: (address: string) => string, extend: number): Column<Ipv4Route>[] {
  const rejecting = (cell: (route: Ipv4Route) => string) => (route: Ipv4Route) =>
    isReject(route.flags) ? '-' : cell(route)
  const known = (value: (route: Ipv4Route) => number) => (route: Ipv4Route) =>
    isReject(route.flags) ? undefined : value(route)
  const metrics = [
    number('Metric', 6, ({ metric }: Ipv4Route) => metric),
    number(
      'Ref',
      3,
      known(({ refCount }) => refCount),
    ),
    number('Use', 6, ({ useCount }: Ipv4Route) => useCount),
  ]
  const segments = [
    number(
      'MSS',
      5,
      known(({ mtu }) => mtu),
    ),
    number(
      'Window',
      6,
      known(({ windowBytes }) => windowBytes),
    ),
    number(
      'irtt',
      4,
      known(({ irtt }) => irtt),
    ),
  ]
  return [
    { header: 'Destination', minWidth: 15, shrinksTo: 15, cell: route => destinationText(route, names, word) },
    {
      header: 'Gateway',
      minWidth: 15,
      shrinksTo: 15,
      cell: rejecting(({ gateway }) => (isUnspecifiedIp(gateway) ? gateway : word(gateway))),
    },
    { header: 'Genmask', minWidth: 15, cell: ({ mask }) => mask },
    { header: 'Flags', minWidth: 5, cell: ({ flags }) => routeFlagLetters(flags, 'inet') },
    ...(extend === 0 ? segments : extend === 1 ? metrics : [...metrics, ...segments]),
    { header: 'Iface', cell: rejecting(({ interfaceName }) => quoted(escapeBytes(interfaceName))) },
  ]
}

function destinationText(route: Ipv4Route, names: RouteNames, word: (address: string) => string): string {
  if (route.prefixLength === 32) return word(route.destination)
  const network = names.network(route.destination)
  return network === undefined ? route.destination : quoted(escapeText(network))
}

function ipv6Columns(word: (address: string) => string): Column<Ipv6Route>[] {
  return [
    {
      header: 'Destination',
      minWidth: 30,
      shrinksTo: 22,
      cell: ({ destination, prefixLength }) =>
        `${prefixLength === 128 ? word(destination) : destination}/${prefixLength}`,
    },
    {
      header: 'Next Hop',
      minWidth: 26,
      shrinksTo: 18,
      cell: ({ gateway }) => (isUnspecifiedIp(gateway) ? gateway : word(gateway)),
    },
    { header: 'Flag', minWidth: 4, cell: ({ flags }) => routeFlagLetters(flags, 'inet6') },
    number('Met', 3, ({ metric }) => metric),
    number('Ref', 3, ({ refCount }) => refCount),
    number('Use', 3, ({ useCount }) => useCount),
    { header: 'If', cell: ({ interfaceName }) => quoted(escapeBytes(interfaceName)) },
  ]
}

const hopText = ({ gateway, interfaceName, weight }: FullRoute['nextHops'][number]) =>
  [
    ...(gateway === undefined ? [] : [`via ${gateway}`]),
    ...(interfaceName === undefined ? [] : [`dev ${quoted(escapeBytes(interfaceName))}`]),
    ...(weight === undefined ? [] : [`weight ${weight}`]),
  ].join(' ')

const FULL_COLUMNS: Column<FullRoute>[] = [
  { header: 'Table', minWidth: 5, cell: ({ table: name }) => quoted(escapeBytes(name)) },
  { header: 'Type', minWidth: 9, cell: ({ type }) => escapeBytes(type) },
  { header: 'Destination', minWidth: 18, shrinksTo: 18, cell: ({ destination }) => escapeBytes(destination) },
  number('Metric', 6, ({ metric }) => metric),
  number('MTU', 3, ({ mtu }) => mtu),
  { header: 'Proto', cell: ({ protocol }) => escapeBytes(protocol ?? '-') },
  { header: 'Scope', cell: ({ scope }) => escapeBytes(scope ?? '-') },
  { header: 'Source', shrinksTo: 15, cell: ({ source }) => escapeBytes(source ?? '-') },
  { header: 'Next hops', shrinksTo: 16, wraps: true, cell: ({ nextHops }) => nextHops.map(hopText).join(', ') || '-' },
]
