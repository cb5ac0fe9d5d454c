/** Something about the answer the reader must know: what could not be seen, what is to be taken with care. */
export interface Remark {
  /** Stable, for programs. */
  code: string
  message: string
  hint?: string | undefined
}
