import { isUtf8 } from 'node:buffer'
import { escapeBytes } from '../../terminal/escape.ts'
import { programName, type ProcessFacts } from '../process-facts.ts'
import { bytesJson } from './bytes-json.ts'

/** Names that are not UTF-8 are escaped and have a twin `…Base64` with the bytes. */
export interface ProcessJson {
  pid: number
  program?: string
  programBase64?: string
  /** Name of the executable as the kernel keeps it, at most 15 bytes. */
  comm?: string
  commBase64?: string
  args?: string[]
  /** The arguments, each ended by NUL but the last. */
  argsBase64?: string
  exe?: string
  exeBase64?: string
  exeDeleted?: boolean | undefined
  uid?: number | undefined
  effectiveUid?: number | undefined
  parentPid?: number | undefined
  /** ISO 8601, UTC. */
  startedAt?: string | undefined
  /** Clock ticks since boot. */
  startTicks?: number | undefined
  cgroup?: string
  cgroupBase64?: string
  /** systemd unit. */
  unit?: string
  unitBase64?: string
  container?: string
  containerBase64?: string
  /** Pids in nested pid namespaces, outermost first. */
  namespacePids?: number[] | undefined
  netns?: string | undefined
}

const processes = new WeakMap<ProcessFacts, ProcessJson>()

/** A process as JSON. Cached: one process may own thousands of sockets. */
export function processJson(process: ProcessFacts): ProcessJson {
  let json = processes.get(process)
  if (json === undefined) {
    json = {
      pid: process.pid,
      ...bytesJson('program', programName(process)),
      ...bytesJson('comm', process.comm),
      ...argumentsJson(process.args),
      ...bytesJson('exe', process.exe?.path),
      exeDeleted: process.exe?.deleted,
      uid: process.uid,
      effectiveUid: process.effectiveUid,
      parentPid: process.parentPid,
      startedAt: process.startedAt,
      startTicks: process.startTicks,
      ...bytesJson('cgroup', process.cgroup),
      ...bytesJson('unit', process.unit),
      ...bytesJson('container', process.container),
      namespacePids: process.namespacePids,
      netns: process.netns,
    }
    processes.set(process, json)
  }
  return json
}

function argumentsJson(args: readonly string[] | undefined): Pick<ProcessJson, 'args' | 'argsBase64'> {
  if (args === undefined) return {}
  const raw = Buffer.from(args.join('\0'), 'latin1')
  if (isUtf8(raw)) return { args: args.map(argument => Buffer.from(argument, 'latin1').toString('utf8')) }
  return { args: args.map(argument => escapeBytes(argument)), argsBase64: raw.toString('base64') }
}
