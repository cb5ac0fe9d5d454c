import { InetFacts } from '../diag/decode/inet-facts.ts'
import { TCP_INFO_FIELDS, tcpInfoPlace } from '../diag/decode/tcp-info-fields.ts'
import type { KernelFacts, Socket, TcpInfo } from '../model.ts'
import { limitedByNumbers } from '../rules/limited-by.ts'

/** Source: Linux include/uapi/linux/tcp.h, TCPI_OPT_*. */
const OPTIONS: readonly (readonly [bit: number, name: string])[] = [
  [64, 'usec_ts'],
  [1, 'ts'],
  [2, 'sack'],
  [8, 'ecn'],
  [16, 'ecnseen'],
  [32, 'syn_data'],
  [128, 'tfo_child'],
]
const WSCALE = 4

/** Source: Linux include/uapi/linux/tcp.h, enum tcp_ca_state. */
const CA_STATES = ['open', 'disorder', 'cwr', 'recovery', 'loss']

/** What is told in a way of its own, or elsewhere: the state stands in the row. */
const APART: ReadonlySet<keyof TcpInfo> = new Set([
  'state',
  'caState',
  'options',
  'sndWscale',
  'rcvWscale',
  'deliveryRateAppLimited',
  'lastAckSentMs',
])

/** What is looked for most stands first; the rest follows in the order of the struct. */
const FIRST: readonly (keyof TcpInfo)[] = [
  'rttUs',
  'rttvarUs',
  'minRttUs',
  'rtoUs',
  'atoUs',
  'backoff',
  'sndCwnd',
  'sndSsthresh',
  'sndMssBytes',
  'rcvMssBytes',
  'advmssBytes',
  'pmtuBytes',
  'bytesSent',
  'bytesAcked',
  'bytesReceived',
  'bytesRetrans',
  'segsOut',
  'segsIn',
  'dataSegsOut',
  'dataSegsIn',
  'unacked',
  'notsentBytes',
  'retransmits',
  'retrans',
  'totalRetrans',
  'lost',
]

/** Thousandths as they stand behind a number: '' for 0, `.5` for 500. */
const THOUSANDTHS = Array.from({ length: 1000 }, (_, n) => String(n / 1000).slice(1))

const RATES = ['B/s', 'KiB/s', 'MiB/s', 'GiB/s', 'TiB/s', 'PiB/s']

/** A rate as one word, quickly: there may be two for each of very many connections. */
function rateText(bytesPerSecond: number): string {
  let value = bytesPerSecond
  let unit = 0
  for (; value >= 1023.5 && unit < RATES.length - 1; unit += 1) value /= 1024
  return (value < 99.95 ? Math.round(value * 10) / 10 : Math.round(value)) + RATES[unit]!
}

const UNITS: readonly (readonly [ending: string, text: (value: number) => string])[] = [
  ['Us', us => `${Math.floor(us / 1000)}${THOUSANDTHS[us % 1000]}ms`],
  ['Ms', ms => `${ms}ms`],
  ['PerSecond', rateText],
  ['', String],
]

/** Source: Linux net/ipv4/tcp.c, sysctl_tcp_reordering. */
const USUAL_REORDERING = 3

const PARTS = [...FIRST, ...TCP_INFO_FIELDS.map(({ name }) => name)]
  .filter((name, i, names) => names.indexOf(name) === i && !APART.has(name))
  .map(name => {
    const place = tcpInfoPlace(name)
    const text = UNITS.find(([ending]) => name.endsWith(ending))![1]
    // What every connection begins with is no news: ss leaves it out, too.
    const usual = name === 'reordering' ? USUAL_REORDERING : 0
    return { place, usual, label: `  ${TCP_INFO_FIELDS[place]!.kernelName} `, text, isPlain: text === String }
  })

const place = Object.fromEntries(TCP_INFO_FIELDS.map(({ name }, i) => [name, i])) as Record<keyof TcpInfo, number>

const numbers = new Float64Array(TCP_INFO_FIELDS.length)

/**
 * struct tcp_info in words, with the kernel's names; what is 0 or not set is left out, as ss does. Undefined where it is
 * not known, and of a listener, whose only numbers stand in Recv-Q and Backlog.
 */
export function tcpInfoText({ row, kernel }: Socket): string | undefined {
  if (kernel === undefined || ('acceptQueueLimit' in row && row.acceptQueueLimit !== undefined)) return undefined
  if (!numbersOf(kernel)) return undefined
  const of = (name: keyof TcpInfo) => numbers[place[name]]!
  const by = limitedByNumbers(of)
  let text = by === undefined ? '' : `limited by ${by}`
  const caState = of('caState')
  if (caState > 0) text += `  ca_state ${CA_STATES[caState] ?? caState}`
  const { congestion } = kernel
  if (congestion !== undefined) text += `  ${congestion}`
  const options = of('options')
  for (const [bit, name] of OPTIONS) if ((options & bit) !== 0) text += ` ${name}`
  if ((options & WSCALE) !== 0) text += ` wscale ${of('sndWscale')},${of('rcvWscale')}`
  // A closed window is worth a word where data waits for it.
  if (of('sndWndBytes') === 0 && of('notsentBytes') > 0) text += '  snd_wnd 0'
  for (const part of PARTS) {
    const value = numbers[part.place]!
    if (value > 0 && value !== part.usual) text += part.label + (part.isPlain ? value : part.text(value))
  }
  // Most begin with a word; looking at the others costs a copy of the text.
  return by === undefined ? text.trimStart() : text
}

/** Fills `numbers`; an object for each of very many connections would cost more than all else. */
function numbersOf(kernel: KernelFacts): boolean {
  if (kernel instanceof InetFacts) return kernel.readTcpInfo(numbers)
  const info = kernel.tcpInfo
  if (info === undefined) return false
  TCP_INFO_FIELDS.forEach(({ name }, i) => (numbers[i] = Number(info[name] ?? Number.NaN)))
  return true
}
