import { closeSync, openSync, writeFileSync } from 'node:fs'
import { InputError } from '../errors.ts'

/** Fails at once, not after minutes of tracing, where a file cannot be written; keeps its content. */
export function checkWritable(path: string): void {
  attempt(path, () => closeSync(openSync(path, 'a')))
}

export function writeFile(path: string, pieces: Iterable<string>, append: boolean): void {
  attempt(path, () => writeFileSync(path, [...pieces].join(''), { flag: append ? 'a' : 'w' }))
}

function attempt(path: string, write: () => void): void {
  try {
    write()
  } catch (error) {
    throw new InputError('input-unreadable', `${path} could not be written: ${(error as Error).message}`, {
      hint: 'name a file in a folder that exists and that you may write to',
      cause: error,
    })
  }
}
