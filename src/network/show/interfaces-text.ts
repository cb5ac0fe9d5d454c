import { hasInterfaceFlag, interfaceFlagLetters, interfaceFlagNames } from '../meanings/interface-flags.ts'
import { columnLines, type Column } from '../../terminal/columns.ts'
import { escapeBytes, quoted } from '../../terminal/escape.ts'
import { formatBytes } from '../../terminal/units.ts'
import { wrap } from '../../terminal/wrap.ts'
import type { InterfacesReport, NetworkInterface } from '../model.ts'
import { inNetstatOrder } from '../rules/interface-order.ts'
import { interfaceTroubles } from '../rules/interface-troubles.ts'
import type { ViewLayout } from './counters-text.ts'

export interface InterfacesLayout extends ViewLayout {
  /** -a: those that are down, too. */
  all: boolean
  /** -e: addresses, bytes and words for the flags. */
  extend: boolean
  wide: boolean
}

/** netstat's table, below it what went wrong on each interface; with -e a block for each. */
export function* interfacesText(report: InterfacesReport, layout: InterfacesLayout): Generator<string> {
  const { theme, width, all, extend, wide } = layout
  // Whether one is up is told by its flags; where these are not known it is shown.
  const shown = inNetstatOrder(report.interfaces).filter(
    ({ facts }) => all || facts === undefined || hasInterfaceFlag(facts.flags, 'UP'),
  )
  const hidden = report.interfaces.length - shown.length
  yield `${theme.heading('Kernel Interface table')}\n`
  if (extend) for (const each of shown) yield* block(each, layout)
  else {
    const table = { widths: 'fit', header: true, color: theme.enabled } as const
    yield* columnLines(COLUMNS, shown, wide ? table : { ...table, width, leave: LEAVE, bringBack: '-W' })
    for (const each of shown)
      for (const trouble of interfaceTroubles(each)) yield `${wrap(`${nameText(each)}: ${trouble}`, width, 2)}\n`
  }
  if (hidden > 0)
    yield `${wrap(`${hidden} more ${hidden === 1 ? 'is' : 'are'} down (-a shows ${hidden === 1 ? 'it' : 'them'})`, width, 0)}\n`
}

const nameText = ({ name }: NetworkInterface) => quoted(escapeBytes(name))

const number = (header: string, minWidth: number, value: (each: NetworkInterface) => bigint | number | undefined) => ({
  header,
  minWidth,
  align: 'right' as const,
  cell: (each: NetworkInterface) => String(value(each) ?? '-'),
})

const COLUMNS: Column<NetworkInterface>[] = [
  { header: 'Iface', minWidth: 15, cell: nameText },
  number('MTU', 5, ({ facts }) => facts?.mtu),
  number('RX-OK', 8, ({ counters }) => counters?.rx.packets),
  number('RX-ERR', 6, ({ counters }) => counters?.rx.errs),
  number('RX-DRP', 6, ({ counters }) => counters?.rx.drop),
  number('RX-OVR', 6, ({ counters }) => counters?.rx.fifo),
  number('TX-OK', 8, ({ counters }) => counters?.tx.packets),
  number('TX-ERR', 6, ({ counters }) => counters?.tx.errs),
  number('TX-DRP', 6, ({ counters }) => counters?.tx.drop),
  number('TX-OVR', 6, ({ counters }) => counters?.tx.fifo),
  { header: 'Flg', cell: ({ facts }) => (facts === undefined ? '-' : interfaceFlagLetters(facts.flags)) },
]

const LEAVE = ['TX-OVR', 'RX-OVR', 'TX-OK', 'RX-OK', 'MTU', 'Flg']

function* block(each: NetworkInterface, { theme, width }: InterfacesLayout): Generator<string> {
  const { facts, counters, addresses } = each
  const line = (text: string) => `${wrap(`  ${text}`, width, 4)}\n`
  const state =
    facts === undefined
      ? 'state not known'
      : `${interfaceFlagNames(facts.flags).join(' ') || 'no flags'}, state ${escapeBytes(facts.operState)}, MTU ${facts.mtu}`
  yield `${theme.strong(wrap(`${nameText(each)}: ${state}`, width, 4))}\n`
  if (facts !== undefined)
    yield line(
      `${facts.hardwareAddress === '' ? 'no hardware address' : `hardware address ${escapeBytes(facts.hardwareAddress)}`}, index ${facts.index}, send queue ${facts.txQueueLength} packets`,
    )
  for (const { family, address, prefixLength, broadcast, peer } of addresses)
    yield line(
      [
        `${family} ${address}/${prefixLength}`,
        ...(broadcast ? [`broadcast ${broadcast}`] : []),
        ...(peer ? [`peer ${peer}`] : []),
      ].join(', '),
    )
  if (counters !== undefined) {
    const { rx, tx } = counters
    const bytes = (value: bigint | undefined) =>
      value === undefined ? 'bytes not known' : `${value} bytes (${formatBytes(Number(value))})`
    yield line(`received ${rx.packets} packets, ${bytes(rx.bytes)}, multicast ${rx.multicast ?? 'not known'}`)
    yield line(`sent     ${tx.packets} packets, ${bytes(tx.bytes)}, collisions ${tx.colls ?? 'not known'}`)
  }
  for (const trouble of interfaceTroubles(each)) yield line(trouble)
  yield '\n'
}
