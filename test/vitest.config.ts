import { defineConfig } from 'vitest/config'
import { reportPage, threadPrograms } from '../scripts/build.mjs'

const SHARED = {
  globalSetup: './test/support/own-tmpdir.ts',
  disableConsoleIntercept: true,
  env: { NO_COLOR: '1', TZ: 'UTC', LC_ALL: 'C' },
  testTimeout: 30_000,
  hookTimeout: 60_000,
}

/** Threads work from the sources as they do in the bundles. Each project takes what it uses out of its own copy. */
const define = { ...(await threadPrograms()), ...(await reportPage()).define }

export default defineConfig({
  test: {
    reporters: ['default', './test/support/closing-reporter.ts'],
    coverage: { include: ['src/**'], exclude: ['src/**/*.test.ts'] },
    projects: [
      {
        define: { ...define },
        test: {
          ...SHARED,
          name: 'unit',
          include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: ['test/{live,speed}/**'],
          // One processor would be left free otherwise: half of them where there are two.
          maxWorkers: '100%',
          sequence: { groupOrder: 0 },
        },
      },
      {
        define: { ...define },
        // One file at a time, with nothing beside it: loads of one would be seen in the tables and times of another.
        test: {
          ...SHARED,
          name: 'live',
          include: ['test/{live,speed}/**/*.test.ts'],
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
          // The machine does other things too: what passes only when tried again is named at the end.
          retry: 2,
        },
      },
    ],
  },
})
