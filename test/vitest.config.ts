import { defineConfig } from 'vitest/config'
import { threadPrograms } from '../scripts/build.mjs'

export default defineConfig({
  // Threads work from the sources as they do in the bundles.
  define: await threadPrograms(),
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    disableConsoleIntercept: true,
    env: { NO_COLOR: '1', TZ: 'UTC', LC_ALL: 'C' },
    // Live tests share one machine: loads of one file would be seen in the tables another file reads.
    fileParallelism: false,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    coverage: { include: ['src/**'], exclude: ['src/**/*.test.ts'] },
  },
})
