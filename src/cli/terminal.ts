export type ColorChoice = 'auto' | 'always' | 'never'

/** What the output goes to, decided once per run. */
export interface Terminal {
  /** A person looks at it directly: columns may be aligned to content and rows may be truncated. */
  readonly interactive: boolean
  readonly color: boolean
  /** Columns of the terminal; {@link Infinity} where the output is no terminal, so that nothing is cut. */
  readonly width: number
}

/** Source: https://no-color.org; `--color` wins over NO_COLOR, NO_COLOR over the terminal. */
export function terminalOf(
  stream: { isTTY?: boolean; columns?: number },
  choice: ColorChoice,
  env: NodeJS.ProcessEnv,
): Terminal {
  const interactive = stream.isTTY === true
  const auto = interactive && !env['NO_COLOR'] && env['TERM'] !== 'dumb'
  return {
    interactive,
    color: choice === 'auto' ? auto : choice === 'always',
    width: interactive ? stream.columns || Number(env['COLUMNS']) || 80 : Infinity,
  }
}
