/** A line that is not what the file should hold; counted and quoted, never fatal. */
export interface BogusLine {
  /** Path below /proc. */
  file: string
  /** 1-based. */
  line: number
  /** Byte string, at most {@link QUOTE_BYTES} long. */
  text: string
}

export const QUOTE_BYTES = 120
