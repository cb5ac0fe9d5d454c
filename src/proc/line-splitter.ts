/** Takes the bytes of a stream chunk by chunk and hands out its lines. */
export interface LineSplitter {
  push(chunk: Buffer): void
  /** Hands out what follows the last newline, if anything does. */
  end(): void
}

/**
 * Splits a byte stream into lines without their newline, each a byte string (one character 0–255 a byte), so that no
 * byte is lost where a tool prints what is no UTF-8.
 *
 * A line is a view into its chunk (64 KiB): keeping one line keeps the whole chunk in memory.
 */
export function splitLines(onLine: (line: string) => void): LineSplitter {
  let begun = ''
  return {
    push(chunk) {
      const text = chunk.toString('latin1')
      let from = 0
      let newline = text.indexOf('\n')
      if (begun !== '') {
        if (newline === -1) {
          begun += text
          return
        }
        const line = begun + text.slice(0, newline)
        // Emptied first: should onLine throw, the stream is still in step.
        begun = ''
        onLine(line)
        from = newline + 1
        newline = text.indexOf('\n', from)
      }
      while (newline !== -1) {
        onLine(text.slice(from, newline))
        from = newline + 1
        newline = text.indexOf('\n', from)
      }
      if (from < text.length) begun = text.slice(from)
    },
    end() {
      if (begun === '') return
      const line = begun
      begun = ''
      onLine(line)
    },
  }
}
