// Measures linsight against its peers; USAGE says how. A bench is a bench/NAME.mjs with
//   export const title = 'one line: what is measured'
//   export async function run(bench): Promise<Load[]>
// where `bench` is the toolkit of toolkit.mjs and a Load is
//   { load: 'what was there to read',
//     medians: { NAME: {wallMs, cpuMs, rssMb, …} | {failed} },       the figures are those of figures.mjs
//     ratios: [{ of, ours, peer, value, peerValue, ratio, bar }],    a bar is the highest ratio that is good enough
//     limits: [{ of, ours, value, bar }] }                           the same for what is no ratio: MB, lost events
// or { load, skipped: 'why' }; what of a ratio or limit could not be measured is in its `missing`.
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { cpus, release, type as osType } from 'node:os'
import { parseArgs } from 'node:util'
import { figure, FIGURES, isMissed, peerText } from './figures.mjs'
import { speedTable, withSpeedTable } from './speed-table.mjs'
import { makeToolkit, say } from './toolkit.mjs'

const BENCHES = [
  'mynetstat',
  'namespaces',
  'metrics',
  'tw-stats',
  'strace-log',
  'trace-overhead',
  'bpf-events',
  'diagnose',
  'top',
  'report',
  'executable',
]
const RESULTS = new URL('results.json', import.meta.url)
const SPEED_PAGE = new URL('../docs/speed.md', import.meta.url)
const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 }

const USAGE = `usage: npm run bench -- [NAME…] [--large] [--small] [--runs N]
       npm run bench -- --table [--write]

Measures linsight against its peers, prints a table for each load and writes it to bench/results.json, where benches
that did not run keep their last result. Root is needed for most loads.

NAME      ${BENCHES.join(', ')}; all without
--large   also 200 000 sockets, and 2 000 processes: some ten minutes
--small   a twentieth of every load and nothing written, without bars, to try a bench out
--runs N  measured rounds, 5 without
--table   only prints the table of docs/speed.md from bench/results.json; --write puts it there
`

const options = parseOptions()
if (options.help) process.stdout.write(USAGE)
else if (options.table) showTable(options)
else process.exitCode = await measure(options)

function parseOptions() {
  const flag = { type: 'boolean', default: false }
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        help: { ...flag, short: 'h' },
        large: flag,
        small: flag,
        table: flag,
        write: flag,
        runs: { type: 'string', default: '5' },
      },
    })
    const unknown = positionals.find(name => !BENCHES.includes(name))
    if (unknown !== undefined) throw new Error(`there is no bench ${unknown}`)
    const runs = Number(values.runs)
    if (!Number.isInteger(runs) || runs < 1) throw new Error('--runs wants a number from 1')
    return { ...values, runs, names: positionals.length > 0 ? positionals : BENCHES }
  } catch (error) {
    process.stderr.write(`${error.message}\n\n${USAGE}`)
    process.exit(2)
  }
}

function showTable({ write }) {
  if (write) writeFileSync(SPEED_PAGE, withSpeedTable(readFileSync(SPEED_PAGE, 'utf8'), readResults()))
  else process.stdout.write(speedTable(readResults()))
}

/** Runs the benches and returns the exit status: 1 where one could not be run to its end. */
async function measure({ names, small, ...sizes }) {
  if (process.platform !== 'linux') {
    say(`bench: it needs Linux, this is ${process.platform}`)
    return 3
  }
  const bench = makeToolkit({ small, ...sizes })
  let endedBy
  for (const signal of Object.keys(SIGNALS))
    process.once(signal, () => {
      endedBy = signal
      void bench.interrupt()
    })
  const verdict = { missed: 0, broken: 0 }
  try {
    for (const name of names) {
      const { title, run } = await import(`./${name}.mjs`)
      process.stdout.write(`\n${name}: ${title}\n`)
      try {
        const loads = (await run(bench)).map(small ? withoutBars : load => load)
        for (const load of loads) verdict.missed += print(load)
        if (!small) keep(name, { title, ...machine(), loads })
      } catch (error) {
        if (endedBy !== undefined) break
        verdict.broken += 1
        process.stdout.write(`  not run: ${error.message}\n`)
      }
    }
  } finally {
    await bench.dispose()
  }
  if (endedBy !== undefined) return 128 + SIGNALS[endedBy]
  process.stdout.write(`\nbars missed: ${verdict.missed}\n`)
  return verdict.broken === 0 ? 0 : 1
}

/** They are for loads of full size. */
function withoutBars(load) {
  const strip = list => list?.map(one => ({ ...one, bar: undefined }))
  return { ...load, ratios: strip(load.ratios), limits: strip(load.limits) }
}

function readResults() {
  return JSON.parse(readFileSync(RESULTS, 'utf8'))
}

/** As a bench ends, so that an interrupted run loses nothing. In the order of BENCHES, which is that of docs/speed.md. */
function keep(name, result) {
  const all = { ...readResults().benches, [name]: result }
  const benches = Object.fromEntries(BENCHES.filter(known => known in all).map(known => [known, all[known]]))
  const written = new URL('results.json.new', RESULTS)
  writeFileSync(written, `${JSON.stringify({ schema: 'linsight/bench/2', benches }, undefined, 2)}\n`)
  renameSync(written, RESULTS)
}

function machine() {
  return {
    date: new Date().toISOString(),
    machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}`,
    system: `${osType()} ${release()}`,
    node: process.version,
  }
}

/** Prints a load and returns how many bars it misses. */
function print({ load, skipped, medians = {}, ratios = [], limits = [] }) {
  process.stdout.write(`\n  ${load}${skipped === undefined ? '' : `: not run: ${skipped}`}\n`)
  const measured = Object.values(medians)
  const columns = Object.keys(FIGURES).filter(of => measured.some(median => of in median))
  const lines = Object.entries(medians).map(([name, median]) =>
    median.failed ? [name, median.failed] : [name, ...columns.map(of => FIGURES[of].text(median[of]))],
  )
  const names = Math.max(...lines.map(([name]) => name.length))
  for (const [name, ...cells] of skipped === undefined ? [['', ...columns.map(of => FIGURES[of].name)], ...lines] : [])
    process.stdout.write(`    ${name.padEnd(names)} ${cells.map(cell => cell.padStart(13)).join(' ')}\n`)
  for (const one of ratios)
    process.stdout.write(
      `    ${one.ours} ÷ ${peerText(one, name => name)}, ${FIGURES[one.of].name}: ${verdictOn(one, one.ratio)}\n`,
    )
  for (const one of limits)
    process.stdout.write(`    ${one.ours}: ${verdictOn(one, one.missing ?? figure(one.of, one.value))}\n`)
  return [...ratios, ...limits].filter(isMissed).length
}

function verdictOn({ missing, bar, ...rest }, text) {
  if (missing !== undefined) return `not measured (${missing})`
  return bar === undefined ? String(text) : `${text} (bar ${bar}${isMissed({ bar, ...rest }) ? ', MISSED' : ''})`
}
