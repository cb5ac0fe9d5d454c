// Measures how fast a large strace log is read: node bench/strace-log/run.mjs [megabytes=400] [runs=5]
// Beside trace-syscalls run a program that only reads the file line by line, and mawk adding up durations per system
// call, without joining halves or telling threads apart. Each reads the page cache once before it is measured.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { makeLog } from './make-log.mjs'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const [megabytes = 400, runs = 5] = process.argv.slice(2).map(Number)
const folder = mkdtempSync(join(tmpdir(), 'linsight-bench-'))
const log = join(folder, 'build.log')

const ONLY_READ = `const fs = require('node:fs'); const fd = fs.openSync(process.argv[1]); const b = Buffer.allocUnsafe(1 << 20); let lines = 0, n
  while ((n = fs.readSync(fd, b, 0, b.length, null)) > 0) for (let at = 0; (at = b.indexOf(10, at)) !== -1 && at < n; at++) lines++
  console.log(lines)`
const SUM_DURATIONS = String.raw`{ n = $3; if (n == "<...") n = $4; sub(/\(.*/, "", n); t = $NF; if (t ~ /^<[0-9.]+>$/) { gsub(/[<>]/, "", t); c[n]++; s[n] += t } }
  END { for (n in c) print n, c[n], s[n] }`
const bin = join(root, 'bin/trace-syscalls.cjs')
const SUBJECTS = {
  'only read': [process.execPath, '-e', ONLY_READ, log],
  'mawk, durations per call': ['mawk', SUM_DURATIONS, log],
  'trace-syscalls --from': [process.execPath, bin, '--from', log],
  'trace-syscalls --from --by file': [process.execPath, bin, '--from', log, '--by', 'file', '--top', '20'],
}

try {
  const made = makeLog(log, megabytes * 1e6)
  say(
    `${(made.bytes / 1e6).toFixed(0)} MB, ${made.lines} lines, ${made.calls} calls, ${made.split} of them split, ${made.processes} processes`,
  )
  await checkTotals(made)
  const rows = []
  for (const [name, argv] of Object.entries(SUBJECTS)) {
    await run(argv)
    const measured = []
    for (let i = 0; i < runs; i += 1) measured.push(await run(argv))
    rows.push({ name, seconds: median(measured.map(m => m.seconds)), peakMb: Math.max(...measured.map(m => m.peakMb)) })
  }
  const mawk = rows[1].seconds
  const read = rows[0].seconds
  say(['reader'.padEnd(34), '  seconds', '   MB/s', ' x mawk', ' x read', '  RSS MB'].join(''))
  for (const { name, seconds, peakMb } of rows)
    say(
      [
        name.padEnd(34),
        seconds.toFixed(2).padStart(9),
        (made.bytes / 1e6 / seconds).toFixed(0).padStart(7),
        (mawk / seconds).toFixed(2).padStart(7),
        (read / seconds).toFixed(2).padStart(7),
        peakMb.toFixed(0).padStart(8),
      ].join(''),
    )
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** What is fast but wrong is not measured. */
async function checkTotals(made) {
  const { output } = await run([process.execPath, bin, '--from', log, '--json'])
  const { profile, warnings } = JSON.parse(output)
  const sum = key => profile.syscalls.reduce((all, row) => all + row[key], 0)
  if (sum('calls') !== made.calls || sum('errors') !== made.errors || warnings.length > 0)
    throw new Error(
      `the log holds ${made.calls} calls and ${made.errors} errors, but ${sum('calls')} and ${sum('errors')} were read`,
    )
}

function say(line) {
  process.stdout.write(`${line}\n`)
}

function run([command, ...argv]) {
  return new Promise((resolve, reject) => {
    const start = performance.now()
    const child = spawn(command, argv, { stdio: ['ignore', 'pipe', 'inherit'] })
    let output = ''
    let peakMb = 0
    const poll = setInterval(() => (peakMb = Math.max(peakMb, peakOf(child.pid))), 20)
    child.stdout.setEncoding('utf8').on('data', text => (output += text))
    child.on('error', reject)
    child.on('close', status => {
      clearInterval(poll)
      if (status === 0) resolve({ seconds: (performance.now() - start) / 1000, peakMb, output })
      else reject(new Error(`${command} ended with ${status}`))
    })
  })
}

/** Peak resident memory so far. Source: proc_pid_status(5), VmHWM. */
function peakOf(pid) {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
  } catch {
    return 0
  }
}

function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]
}
