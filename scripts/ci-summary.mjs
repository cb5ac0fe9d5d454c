// Prints "N passed, N failed, N skipped" from vitest's JSON report, of all its projects together. What failed outside of
// every test counts as one failure: a file that ran none, an error between them, or no report because a step before the
// tests failed.
import { readFileSync } from 'node:fs'

const text = readFileSync(process.argv[2], 'utf8')
const report = text === '' ? undefined : JSON.parse(text)
const brokenFiles = report?.testResults.filter(
  file => file.status === 'failed' && file.assertionResults.length === 0,
).length
const counted = report === undefined ? 0 : report.numFailedTests + brokenFiles
const failed = counted === 0 && report?.success !== true ? 1 : counted
const skipped = report === undefined ? 0 : report.numPendingTests + report.numTodoTests
process.stdout.write(`${report?.numPassedTests ?? 0} passed, ${failed} failed, ${skipped} skipped\n`)
