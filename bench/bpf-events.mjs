// Events a second that linsight takes from bpftrace, what is lost, and what it costs, against a plain `bpftrace … | cat`.
//   node bench/bpf-events.mjs [events-per-second] [seconds]
// Needs root and bpftrace. The load calls getppid() at a fixed rate; every call becomes one record of about 90 bytes.
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const rate = Number(process.argv[2] ?? 100_000)
const seconds = Number(process.argv[3] ?? 10)
const root = fileURLToPath(new URL('..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'linsight-bench-'))
const clockTicks = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))

const load = `
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include <sys/syscall.h>
int main(int argc, char **argv) {
  long rate = atol(argv[1]), total = rate * atol(argv[2]);
  printf("%d\\n", getpid()); fflush(stdout); getchar();
  struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t);
  for (long i = 0; i < total; i++) {
    syscall(SYS_getppid);
    if (i % 100 == 99) {
      t.tv_nsec += 100 * (1000000000L / rate); if (t.tv_nsec >= 1000000000L) { t.tv_sec++; t.tv_nsec -= 1000000000L; }
      clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, 0);
    }
  }
  puts("done"); fflush(stdout); getchar(); return 0;
}`
writeFileSync(join(folder, 'load.c'), load)
execFileSync('cc', ['-O2', '-o', join(folder, 'load'), join(folder, 'load.c')])

const program = pid =>
  `tracepoint:syscalls:sys_enter_getppid /pid == ${pid}/ { print(("call", nsecs, (uint64)pid, (uint64)tid, comm, "some text of an event")); } interval:ms:50 { print(("beat", nsecs)); }\n`

function usage(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const peak = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))
  return { cpuS: (Number(fields[11]) + Number(fields[12])) / clockTicks, peakMb: Number(peak?.[1] ?? 0) / 1024 }
}

const childrenOf = pid =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim().split(' ').map(Number).filter(Boolean)

async function measure(name, start) {
  const worker = spawn(join(folder, 'load'), [String(rate), String(seconds)], { stdio: ['pipe', 'pipe', 'inherit'] })
  const pid = Number(await new Promise(resolve => worker.stdout.once('data', data => resolve(data.toString()))))
  const run = start(pid)
  let calls = 0
  let lost = 0
  let text = ''
  let ready = () => {}
  const isReady = new Promise(resolve => (ready = resolve))
  run.stdout.on('data', chunk => {
    const parts = (text + chunk.toString('latin1')).split('\n')
    text = parts.pop()
    for (const line of parts) {
      if (line.includes('"call"')) calls += 1
      else if (line.includes('"beat"')) ready()
      const count = /"lostAtLeast":(\d+)|"lost_events".*"events": (\d+)/.exec(line)
      if (count !== null) lost += Number(count[1] ?? count[2])
    }
  })
  await isReady
  const before = performance.now()
  const isDone = new Promise(resolve => worker.stdout.once('data', resolve))
  worker.stdin.write('\n')
  await isDone
  const took = (performance.now() - before) / 1000
  // What is still on its way.
  await new Promise(resolve => setTimeout(resolve, 1500))
  const [child] = childrenOf(run.pid)
  const own = usage(run.pid)
  const tracer = child === undefined ? own : usage(child)
  run.kill('SIGINT')
  worker.stdin.end('\n')
  await new Promise(resolve => run.once('close', resolve))
  return { name, calls, lost, took, tracer, own: child === undefined ? undefined : own }
}

const script = join(folder, 'bench.bt')
const node = process.execPath
try {
  const plain = await measure('bpftrace -f json', pid => {
    const child = spawn('bpftrace', ['-f', 'json', '-e', program(pid)], {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, BPFTRACE_PERF_RB_PAGES: '1024' },
    })
    return child
  })
  const ours = await measure('linsight bpf script', pid => {
    writeFileSync(script, program(pid))
    return spawn(node, [join(root, 'bin/linsight.cjs'), 'bpf', 'script', script, '--json'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
  })
  const expected = rate * seconds
  for (const { name, calls, lost, took, tracer, own } of [plain, ours]) {
    const cost =
      own === undefined ? '' : `, linsight ${own.cpuS.toFixed(2)} s CPU and ${own.peakMb.toFixed(0)} MB at most`
    process.stdout.write(
      `${name}: ${calls} of ${expected} events (${((calls / expected) * 100).toFixed(2)} %), ${lost} said to be lost, ${(expected / took / 1000).toFixed(0)} k/s were made, bpftrace ${tracer.cpuS.toFixed(2)} s CPU${cost}\n`,
    )
  }
  process.stdout.write(
    `ratio of events taken: ${(ours.calls / plain.calls).toFixed(3)}; CPU of linsight to that of bpftrace: ${(ours.own.cpuS / ours.tracer.cpuS).toFixed(2)}\n`,
  )
} finally {
  rmSync(folder, { recursive: true, force: true })
}
