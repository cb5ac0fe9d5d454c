import { optional } from '../errors.ts'
import type { ProcessFacts } from './process-facts.ts'
import { parsePidCgroup } from './pid-cgroup.ts'
import { parseCmdline } from './pid-cmdline.ts'
import { parseExeLink } from './pid-exe.ts'
import { readComm } from './pid-comm.ts'
import { parsePidStat } from './pid-stat.ts'
import { parsePidStatus } from './pid-status.ts'
import type { ProcSource } from '../proc/proc-source.ts'

/** `name`: enough for netstat's PID/Program name. `full`: everything that is known. */
export type FactLevel = 'name' | 'full'

/** Reads what is known of a process; a fact that cannot be read stays absent. */
export function readProcessFacts(
  source: ProcSource,
  pid: number,
  level: FactLevel,
  bootedAtMs: number | undefined,
): ProcessFacts {
  const read = <T>(file: string, parse: (bytes: Buffer) => T) =>
    optional(() => parse(source.readFile(`${pid}/${file}`)))
  const link = (name: string) => optional(() => source.readLink(`${pid}/${name}`))
  const args = read('cmdline', parseCmdline)
  const comm = () => readComm(source, pid)
  if (level === 'name') {
    // comm is only needed where the command line does not hold the name.
    const isPlain = args !== undefined && args.length > 0 && args[0] !== '' && (args.length > 1 || !/\s/.test(args[0]!))
    return { pid, args, ...(!isPlain && { comm: comm() }) }
  }
  const stat = read('stat', parsePidStat)
  const status = read('status', parsePidStatus)
  const cgroup = read('cgroup', parsePidCgroup)
  const exe = link('exe')
  return {
    pid,
    comm: stat?.comm ?? comm(),
    args,
    exe: exe === undefined ? undefined : parseExeLink(exe, source.isSameFile?.(`${pid}/exe`, exe)),
    uid: status?.uids?.[0],
    effectiveUid: status?.uids?.[1],
    parentPid: stat?.parentPid,
    startTicks: stat?.startTicks,
    startedAt:
      stat && bootedAtMs !== undefined ? startOf(stat.startTicks, bootedAtMs, source.meta.userHz ?? 100) : undefined,
    cgroup: cgroup?.path,
    unit: cgroup?.unit,
    container: cgroup?.container,
    namespacePids: status?.nsPids,
    netns: link('ns/net'),
  }
}

/** When a process started, in ticks since boot; undefined where it is gone. */
export function readStartTicks(source: ProcSource, pid: number): number | undefined {
  return optional(() => parsePidStat(source.readFile(`${pid}/stat`))?.startTicks)
}

function startOf(startTicks: number, bootedAtMs: number, userHz: number): string {
  return new Date(bootedAtMs + (startTicks / userHz) * 1000).toISOString()
}

/** When the machine started, milliseconds since the epoch: `btime` of /proc/stat, which is in whole seconds. */
export function readBootTimeMs(source: ProcSource): number | undefined {
  const text = optional(() => source.readFile('stat').toString('latin1'))
  const seconds = /^btime (\d+)$/m.exec(text ?? '')?.[1]
  return seconds === undefined ? undefined : Number(seconds) * 1000
}
