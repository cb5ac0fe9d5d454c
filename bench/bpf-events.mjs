import { once } from 'node:events'
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { grouped } from './figures.mjs'
import { limit, ratio } from './toolkit.mjs'

export const title = 'events that linsight takes from bpftrace, what is lost and what it costs, against bare bpftrace'

const RATE = 100_000
const SECONDS = 10
/** What is still on its way when the last event has been made. */
const SETTLE_MS = 1500

/** Every getppid() of the load becomes a record of about 90 bytes. */
const program = pid =>
  `tracepoint:syscalls:sys_enter_getppid /pid == ${pid}/ { print(("call", nsecs, (uint64)pid, (uint64)tid, comm, "some text of an event")); } interval:ms:50 { print(("beat", nsecs)); }\n`

export async function run(bench) {
  const rate = bench.scaled(RATE)
  const load = `${grouped(rate)} events a second for ${SECONDS} s`
  if (process.getuid() !== 0) return [{ load, skipped: 'needs root, as eBPF does' }]
  const script = join(bench.folder, 'events.bt')
  const medians = await bench.inTurn(
    {
      'linsight bpf script': bench.linsight('linsight', 'bpf', 'script', script, '--json'),
      'bpftrace -f json': ['bpftrace', '-f', 'json', script],
    },
    command => takeEvents(bench, command, script, rate),
    { rounds: 1, warmUps: 0 },
  )
  return [
    {
      load,
      medians,
      ratios: [ratio(medians, 'cpuMs', 'linsight bpf script', 'bpftrace -f json')],
      limits: [limit(medians, 'lost', 'linsight bpf script', 0), limit(medians, 'rssMb', 'linsight bpf script', 150)],
    },
  ]
}

/** The reader writes to a file, so that nothing else of ours competes for the processor. */
async function takeEvents(bench, [command, ...args], script, rate) {
  const made = rate * SECONDS
  const output = join(bench.folder, 'events.json')
  const fd = openSync(output, 'w')
  const calls = bench.start(bench.compile('calls'), [String(rate), String(SECONDS)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const [pid] = await once(calls.stdout, 'data')
  writeFileSync(script, program(Number(pid)))
  const reader = bench.start('env', ['BPFTRACE_PERF_RB_PAGES=1024', command, ...args], {
    stdio: ['ignore', fd, 'pipe'],
  })
  closeSync(fd)
  let stderr = ''
  reader.stderr.on('data', chunk => (stderr += chunk))
  try {
    if (!(await holds(reader, output, '"beat"'))) throw new Error(`it cannot trace here: ${stderr.trim()}`)
    const before = performance.now()
    const done = once(calls.stdout, 'data')
    calls.stdin.write('\n')
    await Promise.race([done, reader.ended])
    const wallMs = performance.now() - before
    await sleep(SETTLE_MS)
    const { cpuMs, rssMb } = usage(reader.pid)
    reader.kill('SIGINT')
    await reader.ended
    const { stdout } = await bench.run(['grep', '-c', '"call"', output])
    return {
      wallMs,
      cpuMs,
      rssMb,
      eventsPerS: (made / wallMs) * 1000,
      events: Number(stdout),
      lost: made - Number(stdout),
    }
  } finally {
    calls.stdin.end()
    reader.kill('SIGINT')
    await Promise.all([calls.ended, reader.ended])
  }
}

/** Waits until the file holds the text; false where its writer ended before. */
async function holds(writer, path, text) {
  while (!readFileSync(path, 'latin1').includes(text))
    if ((await Promise.race([writer.ended, sleep(20, 'running')])) !== 'running') return false
  return true
}

/** So far, of the process alone. Source: proc_pid_stat(5), proc_pid_status(5). */
function usage(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const peak = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))
  // The clock of these fields ticks 100 times a second on every architecture Node runs on.
  return { cpuMs: (Number(fields[11]) + Number(fields[12])) * 10, rssMb: Number(peak[1]) / 1024 }
}
