// The numbers of docs/speed.md are those that were measured.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { ROOT } from '../support/paths.ts'
import { run } from '../support/run.ts'

const bench = (...args: string[]) => {
  const { status, stdout, stderr } = run(process.execPath, [`${ROOT}bench/run.mjs`, ...args])
  return { status, stdout, stderr }
}

describe('bench', () => {
  test('the table of docs/speed.md is what bench/results.json gives', () => {
    const { stdout, status } = bench('--table')
    expect(status).toBe(0)
    expect(stdout.split('\n').length).toBeGreaterThan(10)
    const page = readFileSync(`${ROOT}docs/speed.md`, 'utf8')
    expect(page, 'node bench/run.mjs --table --write').toContain(`--table --write -->\n\n${stdout}\n<!--`)
  })

  test('says what it can do, and what it cannot', () => {
    expect(bench('--help')).toMatchObject({ status: 0, stderr: '' })
    expect(bench('nonsense')).toMatchObject({ status: 2, stdout: '' })
    expect(bench('nonsense').stderr).toMatch(/^there is no bench nonsense\n/)
  })
})
