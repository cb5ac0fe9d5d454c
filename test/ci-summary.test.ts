import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from './support/paths.ts'
import { run } from './support/run.ts'
import { temporaryFolder } from './support/temporary-folder.ts'

const summaryOf = (text: string) => {
  const file = join(temporaryFolder(), 'report.json')
  writeFileSync(file, text)
  return run(process.execPath, [`${ROOT}scripts/ci-summary.mjs`, file])
}
const report = { success: true, numPassedTests: 7, numFailedTests: 0, numPendingTests: 2, numTodoTests: 1 }
const brokenFile = { status: 'failed', assertionResults: [] }

test.each([
  ['tests of all projects', { ...report, testResults: [] }, '7 passed, 0 failed, 3 skipped'],
  ['failed tests', { ...report, success: false, numFailedTests: 2, testResults: [] }, '7 passed, 2 failed, 3 skipped'],
  ['a file that ran none', { ...report, success: false, testResults: [brokenFile] }, '7 passed, 1 failed, 3 skipped'],
  ['an error between tests', { ...report, success: false, testResults: [] }, '7 passed, 1 failed, 3 skipped'],
])('%s', (_, value, line) => {
  expect(summaryOf(JSON.stringify(value))).toEqual({ status: 0, stdout: `${line}\n`, stderr: '' })
})

test('a step before the tests failed, so there is no report', () => {
  expect(summaryOf('').stdout).toBe('0 passed, 1 failed, 0 skipped\n')
})
