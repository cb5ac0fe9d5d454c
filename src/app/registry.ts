import type { Command } from '@oclif/core/command'

type Loader = () => Promise<{ default: Command.Class }>

/** Command id → its class, loaded only when asked for. Ids use `:` between topic and command. */
export const registry: Readonly<Record<string, Loader>> = {
  'bpf:bcc': () => import('../bpf/command/bcc.ts'),
  'bpf:doctor': () => import('../bpf/command/doctor.ts'),
  'bpf:list': () => import('../bpf/command/list.ts'),
  'bpf:replay': () => import('../bpf/command/replay.ts'),
  'bpf:run': () => import('../bpf/command/run.ts'),
  'bpf:script': () => import('../bpf/command/script.ts'),
  'bpf:show': () => import('../bpf/command/show.ts'),
  __complete: () => import('../completion/command/complete.ts'),
  completion: () => import('../completion/command/completion.ts'),
  diagnose: () => import('../diagnose/command/diagnose.ts'),
  'metrics:print': () => import('../metrics/command/print.ts'),
  'metrics:serve': () => import('../metrics/command/serve.ts'),
  mynetstat: () => import('../sockets/command/mynetstat.ts'),
  report: () => import('../report/command/report.ts'),
  top: () => import('../top/command/top.ts'),
  'tw-stats': () => import('../time-wait/command/tw-stats.ts'),
  'snapshot:save': () => import('../snapshot/command/save.ts'),
  'snapshot:show': () => import('../snapshot/command/show.ts'),
  'trace-syscalls': () => import('../syscalls/command/trace-syscalls.ts'),
}
