import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A new folder, which is gone when the test run is over: own-tmpdir.ts sees to it, however a test ends. */
export const temporaryFolder = (): string => mkdtempSync(join(tmpdir(), 'test-'))
