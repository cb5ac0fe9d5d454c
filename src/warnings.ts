/** A remark about an answer: something could not be seen, or is to be taken with care. `code` is stable, for programs. */
export interface Warning {
  code: string
  message: string
  /** What to do about it. */
  hint?: string | undefined
}
