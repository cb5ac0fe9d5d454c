// npm run bench [-- NAME… --large --runs N]: measures linsight against its peers, prints a table for each load and
// writes bench/results.json, in which benches that did not run keep their last result.
//
// A bench is a bench/NAME.mjs with
//   export const title = 'one line: what is measured'
//   export async function run(bench): Promise<Load[]>
// where `bench` is the toolkit of bench/toolkit.mjs and a Load is
//   { load: 'what was there to read', medians: { NAME: {wallMs, cpuMs, rssMb, bytes} | {failed} },
//     ratios: [{ what, ratio, bar }] }     a ratio above its bar is marked; a bar may be undefined
// Other programs of this folder measure on their own terms and are started by themselves: node bench/NAME.mjs
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, release, type as osType } from 'node:os'
import { parseArgs } from 'node:util'
import { makeToolkit } from './toolkit.mjs'

const here = new URL('.', import.meta.url)
const results = new URL('results.json', here)
const IS_BENCH = /^export async function run\(/m

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { large: { type: 'boolean', default: false }, runs: { type: 'string', default: '5' } },
})
const known = readdirSync(here)
  .filter(file => file.endsWith('.mjs') && IS_BENCH.test(readFileSync(new URL(file, here), 'utf8')))
  .map(file => file.slice(0, -'.mjs'.length))
const unknown = positionals.find(name => !known.includes(name))
if (unknown !== undefined) {
  process.stderr.write(`there is no bench ${unknown}; there are ${known.join(', ')}\n`)
  process.exit(2)
}

const bench = makeToolkit({ large: values.large, runs: Math.max(1, Number(values.runs) || 5) })
const previous = attempt(() => JSON.parse(readFileSync(results, 'utf8')))?.benches ?? {}
const benches = { ...previous }
let missed = 0
try {
  for (const name of positionals.length > 0 ? positionals : known) {
    const { title, run } = await import(`./${name}.mjs`)
    process.stdout.write(`\n${name}: ${title}\n`)
    const loads = await run(bench)
    for (const load of loads) missed += print(load)
    benches[name] = { title, ...machine(), loads }
  }
} finally {
  bench.dispose()
}
writeFileSync(results, `${JSON.stringify({ schema: 'linsight/bench/1', benches }, undefined, 2)}\n`)
process.stdout.write(missed === 0 ? '\nevery bar is met\n' : `\n${missed} bars are missed\n`)

function machine() {
  return {
    date: new Date().toISOString(),
    machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}`,
    system: `${osType()} ${release()}`,
    node: process.version,
  }
}

/** Prints a load and returns how many bars it misses. */
function print({ load, medians, ratios }) {
  process.stdout.write(`\n  ${load}\n`)
  const width = Math.max(...Object.keys(medians).map(name => name.length))
  process.stdout.write(`    ${''.padEnd(width)}     wall       cpu    peak RSS\n`)
  for (const [name, median] of Object.entries(medians)) {
    const figures = median.failed
      ? median.failed
      : `${milliseconds(median.wallMs)} ${milliseconds(median.cpuMs)} ${median.rssMb.toFixed(0).padStart(8)} MB`
    process.stdout.write(`    ${name.padEnd(width)} ${figures}\n`)
  }
  let missedHere = 0
  for (const { what, ratio, bar } of ratios) {
    const isMissed = bar !== undefined && ratio > bar
    if (isMissed) missedHere += 1
    const verdict = bar === undefined ? '' : `  (bar ${bar}${isMissed ? ', MISSED' : ''})`
    process.stdout.write(`    ${what}: ${ratio}${verdict}\n`)
  }
  return missedHere
}

function milliseconds(value) {
  return `${value.toFixed(0).padStart(6)} ms`
}

function attempt(read) {
  try {
    return read()
  } catch {
    return undefined
  }
}
