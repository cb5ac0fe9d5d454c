// The library as it is built: what a program gets that imports the package.
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Machine, OpenOptions } from '../../src/library/index.ts'
import { ROOT } from './paths.ts'

type Library = typeof import('../../src/library/index.ts')

export const builtLibrary = createRequire(import.meta.url)(join(ROOT, 'dist/library.cjs')) as Library

/** Opens, and closes what was opened when the work is done. */
export async function withMachine<T>(options: OpenOptions, work: (machine: Machine) => Promise<T>): Promise<T> {
  const machine = await builtLibrary.open(options)
  try {
    return await work(machine)
  } finally {
    await machine.close()
  }
}
