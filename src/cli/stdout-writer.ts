import { writeOut } from './write-out.ts'

/** Text for stdout whose producer never waits: what cannot be written yet is kept. */
export interface StdoutWriter {
  write(text: string): void
  /** Resolves when all is written. */
  end(): Promise<void>
}

export function stdoutWriter(): StdoutWriter {
  let waiting: string[] = []
  let writing: Promise<void> | undefined
  const drain = async () => {
    while (waiting.length > 0) {
      const pieces = waiting
      waiting = []
      await writeOut(pieces)
    }
    writing = undefined
  }
  return {
    write(text) {
      if (text === '') return
      waiting.push(text)
      // After the chunk at hand: its lines go out in one write.
      writing ??= new Promise<void>(resolve => setImmediate(resolve)).then(drain)
    },
    end: () => writing ?? Promise.resolve(),
  }
}
