import { EXIT, EXIT_MEANINGS, type ExitName } from '../errors.ts'

/**
 * The EXIT CODES of a command's `--help`: the codes it can end with, each with the meaning all commands share or, where
 * it means something narrower here, with its own. `done`, `no` (a bug) and `usage` belong to every command.
 *
 * @example exitCodes({ no: '--fail-on was met', input: true })
 */
export function exitCodes(own: Partial<Record<ExitName, string | true>>, extra: readonly string[] = []): string {
  const all: Partial<Record<ExitName, string | true>> = { done: true, no: 'a bug', usage: true, ...own }
  const lines = (Object.keys(EXIT) as ExitName[])
    .filter(name => name in all)
    .map(name => `${EXIT[name]}  ${all[name] === true ? EXIT_MEANINGS[name] : all[name]}`)
  return ['', ...lines, ...extra].join('\n')
}
