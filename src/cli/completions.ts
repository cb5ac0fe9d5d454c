/** What a shell is to ask for when it completes a word: `linsight __complete KIND` prints what there is at this moment. */
export const LIVE_KINDS = ['programs', 'pids', 'units', 'containers', 'namespaces', 'ports', 'port-filters'] as const

export type LiveKind = (typeof LIVE_KINDS)[number]

/** What a word may be, for completion. Several kinds may be given together. */
export interface Completion {
  /** Fixed words, of letters, digits and `@%+=:,./_-` alone: shells take them as they are. */
  words?: readonly string[]
  /** Several words, with commas between. */
  several?: true
  live?: LiveKind
  files?: true
  /** Names of machines, as the shell knows them. */
  hosts?: true
}

/**
 * What a command's flags and operands are completed with, as `static completions` of the command: by the name of the
 * flag, `''` for its operands. What follows from a flag's own options or from its `helpValue` need not be said.
 */
export type Completions = Readonly<Record<string, Completion>>
