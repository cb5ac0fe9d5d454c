import { defineConfig } from 'vitest/config'

export default defineConfig({
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
