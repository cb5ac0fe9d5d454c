import { address, argument, kept, program, redactTexts, type TextRule, type TextRules } from '../redact/texts.ts'
import {
  redactArgument,
  redactCgroup,
  redactPath,
  redactText,
  redactCmdline,
  redactWords,
  type Redaction,
} from '../redact/words.ts'
import type { Observation } from './observation.ts'

/** What was seen, without what would name a site: the rules find in it what they found before. */
export const redactObservation = (seen: Observation, redaction: Redaction): Observation =>
  redactTexts(seen, RULES, redaction)

/** A control group, also as a folder: which controller it is of stays. */
const cgroup: TextRule = (text, redaction) => {
  const mount =
    /^\/sys\/fs\/cgroup(?:\/(?:unified|memory|cpu|cpuacct|cpu,cpuacct|pids|freezer|blkio|io))?(?=\/|$)/.exec(text)
  const at = mount?.[0].length ?? 0
  return text.slice(0, at) + redactCgroup(text.slice(at), redaction)
}

/** Where a descriptor leads: a path, or the kind of what has none. */
const descriptor: TextRule = (text, redaction) => (text.startsWith('/') ? redactPath(text, redaction) : text)

/** Length of the arguments, and the end of them. */
const startedWith: TextRule = (text, redaction) => {
  const length = /^\d+ /.exec(text)?.[0] ?? ''
  return length + redactArgument(text.slice(length.length), redaction)
}

/** By the keys of an {@link Observation}; a test holds it against the schema. */
const RULES: TextRules = {
  host: redactWords,
  kernel: redactWords,
  arch: kept,
  takenAt: kept,
  startedAt: kept,
  // Programs keep their names.
  comm: redactWords,
  parentComm: redactWords,
  executable: program,
  replacedExecutable: program,
  args: argument,
  program: startedWith,
  path: redactPath,
  paths: redactPath,
  syncFile: redactPath,
  'cgroups.path': cgroup,
  cgroup,
  unit: redactCgroup,
  container: redactCgroup,
  descriptorKinds: descriptor,
  address,
  local: address,
  remote: address,
  server: address,
  destinations: address,
  lookups: address,
  // What tw-stats says of local ports, and why something was not looked at.
  code: kept,
  severity: kept,
  finding: redactText,
  evidence: redactText,
  do: redactText,
  not: redactText,
  cmdline: redactCmdline,
  what: redactText,
  why: redactText,
  hint: redactText,
  causes: kept,
  // Names of the kernel: states, wait channels, calls, errors, disks, filesystems.
  netns: kept,
  mntns: kept,
  state: kept,
  diskStates: kept,
  wchan: kept,
  samples: kept,
  sleepsIn: kept,
  stack: kept,
  syscall: kept,
  kind: kept,
  inode: kept,
  'locks.file': kept,
  'lockSamples.file': kept,
  device: kept,
  type: kept,
  'disks.name': kept,
  call: kept,
  error: kept,
  family: kept,
  signal: kept,
}
