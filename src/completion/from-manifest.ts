import type { Completion, Completions } from '../cli/completions.ts'
import type { CommandLines, CommandWords, FlagWords } from './model.ts'

/** What is read here of a command in the manifest of all commands. */
export interface ManifestCommand {
  summary?: string | undefined
  hidden?: boolean | undefined
  flags?: Readonly<Record<string, ManifestFlag>> | undefined
  args?: Readonly<Record<string, { options?: readonly string[] | undefined }>> | undefined
  completions?: Completions | undefined
  takesCommand?: CommandWords['runs'] | undefined
}

interface ManifestFlag {
  type: 'boolean' | 'option'
  char?: string | undefined
  description?: string | undefined
  helpValue?: string | readonly string[] | undefined
  options?: readonly string[] | undefined
  multiple?: boolean | undefined
  allowNo?: boolean | undefined
  hidden?: boolean | undefined
}

/** What a value is, by what help calls it. */
const BY_NAME: Readonly<Record<string, Completion>> = {
  FILE: { files: true },
  PATH: { files: true },
  OLD: { files: true },
  FOLDER: { files: true },
  PID: { live: 'pids' },
  NAME: { live: 'programs' },
  UNIT: { live: 'units' },
  ID: { live: 'containers' },
  WHICH: { live: 'namespaces' },
  PORT: { live: 'ports' },
  HOSTS: { hosts: true },
}

/** Hidden commands and flags are not told. */
export function commandLinesOf(
  manifest: Readonly<Record<string, ManifestCommand>>,
  bins: Readonly<Record<string, string | undefined>>,
  topics: Readonly<Record<string, { description: string }>>,
): CommandLines {
  const shown = Object.entries(manifest).filter(([, { hidden }]) => hidden !== true)
  return {
    bins: Object.entries(bins).map(([name, command]) => ({ name, ...(command !== undefined && { command }) })),
    topics: Object.entries(topics).map(([name, { description }]) => ({ name, text: description })),
    commands: shown.map(([id, command]) => wordsOf(id.replaceAll(':', ' '), command)),
  }
}

function wordsOf(
  id: string,
  { summary = '', flags = {}, args = {}, completions = {}, takesCommand }: ManifestCommand,
): CommandWords {
  const options = Object.values(args).flatMap(arg => arg.options ?? [])
  return {
    id,
    text: summary,
    flags: Object.entries(flags).flatMap(([name, flag]) => flagWords(name, flag, completions[name])),
    operands: completions[''] ?? (options.length > 0 ? { words: options } : operandOf(args)),
    ...(takesCommand !== undefined && { runs: takesCommand }),
  }
}

/** An operand called `file` is one. */
function operandOf(args: object): Completion {
  return 'file' in args || 'files' in args ? { files: true } : {}
}

function flagWords(name: string, flag: ManifestFlag, own: Completion | undefined): FlagWords[] {
  if (flag.hidden === true) return []
  const { char: letter, description: text = '', options, multiple = false } = flag
  const said = [flag.helpValue ?? options?.join('|') ?? 'N'].flat().join(' ')
  const words: FlagWords = {
    name,
    ...(letter !== undefined && { letter }),
    text,
    multiple,
    ...(flag.type === 'option' && {
      value: {
        name: said,
        completion: own ?? (options === undefined ? (BY_NAME[said.split(/[,….]/)[0]!] ?? {}) : { words: options }),
      },
    }),
  }
  return flag.allowNo === true ? [words, { name: `no-${name}`, text: `not: ${text}`, multiple }] : [words]
}
