import { TCP_STATE, tcpStateName } from '../../kernel/tcp-state.ts'
import { escapeText } from '../../terminal/escape.ts'
import { shorten } from '../../terminal/shorten.ts'
import { sparkline } from '../../terminal/sparkline.ts'
import { textWidth } from '../../terminal/text-width.ts'
import type { History, Sample } from '../model.ts'
import { bytesCell, perSecondCell, type Tone } from './cells.ts'
import type { Paint } from './paint.ts'

/** A piece of a line: as many as there is room for, from the left. */
interface Piece {
  text: string
  paint?: ((text: string) => string) | undefined
}

/** Between two pieces. */
const BETWEEN = '   '

export interface HeaderFacts {
  sample: Sample
  history: History
  paint: Paint
  width: number
  /** Time that is shown: of the sample, as the reader's clock has it. */
  clock: string
  /** What the looks are: `every 1 s`, `paused`, `2 of 3`. */
  pace: string
}

/** Who and when; what is moved; how many of what. */
export function headerLines(facts: HeaderFacts): string[] {
  return [titleLine(facts), trafficLine(facts), countLine(facts)]
}

function titleLine({ sample, paint, width, clock, pace }: HeaderFacts): string {
  const host = escapeText(sample.host ?? 'unknown host')
  const right = pace === '' ? clock : `${pace}   ${clock}`
  const left = shorten(host, Math.max(8, width - textWidth(right) - 'linsight top'.length - 5))
  const title = `${paint.tone('linsight top', 'quiet')}  ${paint.tone(left, 'strong')}`
  const blanks = width - 'linsight top  '.length - textWidth(left) - textWidth(right)
  if (blanks >= 2) return `${title}${' '.repeat(blanks)}${paint.tone(right, 'quiet')}`
  return textWidth(left) + 14 <= width ? title : paint.tone(shorten(host, width), 'strong')
}

const SPARK_COLUMNS = 16
const WIDE = 90

function trafficLine({ sample: { look }, history, paint, width }: HeaderFacts): string {
  const { amounts, seconds } = look
  const rate = (value: number | undefined) => (value === undefined || !seconds ? undefined : value / seconds)
  const spark = width >= WIDE ? SPARK_COLUMNS : 0
  const graph = (values: readonly number[], color: (text: string) => string): Piece[] =>
    spark === 0 || values.length < 2 ? [] : [{ text: ` ${sparkOf(values, spark)}`, paint: color }]
  const moved = (
    name: string,
    value: number | undefined,
    values: readonly number[],
    color: (text: string) => string,
  ) => [
    { text: `${name} ${bytesCell(rate(value)).text.padStart(8).trimEnd()}/s`, paint: color },
    ...graph(values, color),
  ]
  const told = (name: string, value: number | undefined, tone?: Tone): Piece => {
    const cell = perSecondCell(rate(value), tone)
    return { text: `${name} ${cell.text}/s`, paint: text => paint.tone(text, cell.tone) }
  }
  return joined(
    [
      moved('in', amounts?.receivedBytes, history.received, paint.received),
      moved('out', amounts?.sentBytes, history.sent, paint.sent),
      [told('retransmits', amounts?.retransmits, 'caution')],
      [told('opened', amounts?.opened)],
      [told('closed', amounts?.closed)],
    ],
    width,
  )
}

function sparkOf(values: readonly number[], columns: number): string {
  const shown = values.slice(-columns).map(value => (Number.isNaN(value) ? 0 : value))
  return ' '.repeat(columns - shown.length) + sparkline(shown)
}

/** States with their own word here; all else is summed up. */
const TOLD = [
  [TCP_STATE.established, 'plain'],
  [TCP_STATE.closeWait, 'caution'],
  [TCP_STATE.synSent, 'plain'],
  [TCP_STATE.synRecv, 'plain'],
] as const

function countLine({ sample: { look, undecided, without }, paint, width }: HeaderFacts): string {
  const { rows } = look
  const counts = new Map<number, number>()
  let unread = 0
  for (let i = 0; i < rows.length; i += 1) {
    const state = rows.state[i]!
    counts.set(state, (counts.get(state) ?? 0) + 1)
    if (state !== TCP_STATE.listen) unread += rows.unread[i]!
  }
  const listening = counts.get(TCP_STATE.listen) ?? 0
  const told = TOLD.flatMap(([state, tone]): Piece[][] => {
    const count = counts.get(state)
    if (count === undefined) return []
    return [[{ text: `${count} ${word(state)}`, paint: text => paint.tone(text, tone) }]]
  })
  const named = new Set<number>([TCP_STATE.listen, ...TOLD.map(([state]) => state)])
  const others = [...counts].reduce((sum, [state, count]) => (named.has(state) ? sum : sum + count), 0)
  const quiet = (text: string): Piece[] => [{ text, paint: plain => paint.tone(plain, 'quiet') }]
  const caution = (text: string): Piece[] => [{ text, paint: plain => paint.tone(plain, 'caution') }]
  return joined(
    [
      ...(without === undefined ? [] : [caution(`no counts of bytes: ${without}`)]),
      ...(look.lost > 0 ? [caution(`${look.lost} ends missed`)] : []),
      ...told,
      [{ text: `${listening} listening` }],
      ...(look.timeWait === undefined ? [] : [quiet(`${look.timeWait} time-wait`)]),
      ...(others > 0 ? [quiet(`${others} closing`)] : []),
      ...(look.udp === undefined ? [] : [quiet(`${look.udp} udp`)]),
      ...(unread > 0 ? [[{ text: `unread ${bytesCell(unread).text.trim()}` }]] : []),
      ...(undecided > 0 ? [caution(`filter unsure of ${undecided}`)] : []),
      ...(look.unreadable > 0
        ? [caution(`${look.unreadable} process${look.unreadable === 1 ? '' : 'es'} unreadable`)]
        : []),
    ],
    width,
  )
}

/** `close-wait` */
const word = (state: number) => tcpStateName(state).toLowerCase().replace('_', '-')

/** As many groups of pieces as there is room for. */
function joined(groups: readonly (readonly Piece[])[], width: number): string {
  let line = ''
  let taken = 0
  for (const group of groups) {
    const wide = group.reduce((sum, { text }) => sum + textWidth(text), 0) + (taken === 0 ? 0 : BETWEEN.length)
    if (taken + wide > width) continue
    line += (taken === 0 ? '' : BETWEEN) + group.map(({ text, paint }) => paint?.(text) ?? text).join('')
    taken += wide
  }
  return line
}
