// The table of docs/speed.md, from results.json.
import { figure, FIGURES, isMissed, peerText } from './figures.mjs'

const BEGIN = '<!-- from bench/results.json: node bench/run.mjs --table --write -->\n'
const END = '<!-- end of bench/results.json -->\n'

/** `page` with the table between its two marks. */
export function withSpeedTable(page, results) {
  const [before, rest] = page.split(BEGIN)
  const after = rest?.split(END)[1]
  if (after === undefined) throw new Error(`docs/speed.md has no ${BEGIN.trim()} … ${END.trim()}`)
  return `${before}${BEGIN}\n${speedTable(results)}\n${END}${after}`
}

export function speedTable({ benches }) {
  const loads = Object.values(benches).flatMap(bench => bench.loads)
  const lines = [
    `On ${where(Object.values(benches))}:`,
    '',
    '| work | linsight | peer | ratio | bar |',
    '| --- | --- | --- | --- | --- |',
    ...loads.flatMap(rowsOf),
  ]
  return `${lines.join('\n')}\n`
}

/** What all benches have in common is said once. */
function where(benches) {
  const distinct = key => [...new Set(benches.map(bench => bench[key]))].join(', ')
  const days = benches.map(({ date }) => date.slice(0, 10)).sort()
  return [
    distinct('machine'),
    distinct('system'),
    `Node ${distinct('node').replaceAll('v', '')}`,
    [...new Set([days[0], days.at(-1)])].join(' to '),
  ].join(', ')
}

function rowsOf({ load, skipped, ratios = [], limits = [] }) {
  if (skipped !== undefined) return [row(load, `not run: ${skipped}`, '', '', '')]
  let said
  return [...ratios, ...limits].map((one, index) => {
    const ours = `\`${one.ours}\`${one.value === undefined ? '' : ` ${figure(one.of, one.value)}`}`
    const cells = row(index === 0 ? load : '', ours === said ? '' : ours, peerOf(one), ratioOf(one), barOf(one))
    said = ours
    return cells
  })
}

function peerOf(one) {
  if (one.missing !== undefined) return `not measured: ${one.missing}`
  return one.peer === undefined ? '' : `${peerText(one, name => `\`${name}\``)} ${figure(one.of, one.peerValue)}`
}

/** A missed bar in bold: of a ratio, or of what has no peer. */
function ratioOf(one) {
  if (one.ratio === undefined) return isMissed(one) ? '**missed**' : ''
  return isMissed(one) ? `**${one.ratio}**` : String(one.ratio)
}

function barOf({ of, peer, bar }) {
  if (bar === undefined) return ''
  return peer === undefined ? FIGURES[of].text(bar) : String(bar)
}

function row(...cells) {
  return `| ${cells.join(' | ')} |`.replaceAll(/ {2,}/g, ' ')
}
