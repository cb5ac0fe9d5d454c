import type { Command } from '@oclif/core/command'

type Loader = () => Promise<{ default: Command.Class }>

/** Command id → its class, loaded only when asked for. Ids use `:` between topic and command. */
export const registry: Readonly<Record<string, Loader>> = {
  'bpf:bcc': () => import('../commands/bpf/bcc.ts'),
  'bpf:doctor': () => import('../commands/bpf/doctor.ts'),
  'bpf:list': () => import('../commands/bpf/list.ts'),
  'bpf:replay': () => import('../commands/bpf/replay.ts'),
  'bpf:run': () => import('../commands/bpf/run.ts'),
  'bpf:script': () => import('../commands/bpf/script.ts'),
  'bpf:show': () => import('../commands/bpf/show.ts'),
  mynetstat: () => import('../commands/mynetstat.ts'),
  'tw-stats': () => import('../commands/tw-stats.ts'),
  'snapshot:save': () => import('../commands/snapshot/save.ts'),
  'snapshot:show': () => import('../commands/snapshot/show.ts'),
  'trace-syscalls': () => import('../commands/trace-syscalls.ts'),
}
