import type { Completion } from '../cli/completions.ts'

/** Everything that shells are told of our commands. */
export interface CommandLines {
  /** Names on the PATH; `command`: the id of the one command a name stands for. */
  bins: readonly { name: string; command?: string }[]
  /** Words that other words of a command follow. */
  topics: readonly { name: string; text: string }[]
  commands: readonly CommandWords[]
}

export interface CommandWords {
  /** As one types it behind `linsight`: `bpf run`. */
  id: string
  text: string
  flags: readonly FlagWords[]
  operands: Completion
  /** Where another command begins: with the first operand, or behind `--`. */
  runs?: 'at-operand' | 'behind-dashes'
}

export interface FlagWords {
  name: string
  letter?: string
  text: string
  /** Of a flag that takes a value. */
  value?: { name: string; completion: Completion }
  multiple: boolean
}
