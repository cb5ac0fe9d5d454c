import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { needs } from '../support/needs.ts'
import { ROOT } from '../support/paths.ts'
import { run, runBin } from '../support/run.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const FOLDER = join(ROOT, 'dist/man')
const pages = readdirSync(FOLDER)

test('every command of --help has a page', () => {
  const listed = readFileSync(join(ROOT, 'docs/README.md'), 'utf8').matchAll(/^\| `([^`]+)` \| /gm)
  const commands = [...listed].map(([, name]) => name!).filter(name => !name.startsWith('-'))
  expect(commands.length).toBeGreaterThan(12)
  const bins = new Set(['mynetstat', 'tw-stats', 'trace-syscalls'])
  const names = commands.map(name =>
    bins.has(name) ? name : `linsight-${name.replace(/^linsight /, '').replaceAll(' ', '-')}`,
  )
  expect(['linsight', ...names].map(name => `${name}.1`).sort()).toEqual([...pages].sort())
})

test('package.json names them all, so that npm puts them where man looks', () => {
  const { man } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { man: string[] }
  expect(man, 'npm run docs writes them').toEqual(pages.sort().map(page => `dist/man/${page}`))
})

describe.each(pages)('%s', page => {
  const file = join(FOLDER, page)

  test('man shows it without a warning, at 80 columns', needs('man'), () => {
    const { status, stdout, stderr } = run('man', ['-l', '--warnings', file], {
      env: { LC_ALL: 'C.UTF-8', MANWIDTH: '80' },
    })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toContain('SYNOPSIS')
    expect(stdout).not.toContain('<%')
  })

  test('mandoc finds nothing to warn of', needs('mandoc'), () => {
    expect(run('mandoc', ['-Tlint', '-W', 'warning', file])).toEqual({ status: 0, stdout: '', stderr: '' })
  })
})

test('the page of linsight-capabilities, which the .deb has', needs('man', 'mandoc'), () => {
  const text = readFileSync(join(ROOT, 'deploy/debian/linsight-capabilities.8'), 'utf8')
  const file = join(temporaryFolder(), 'linsight-capabilities.8')
  writeFileSync(file, text.replace('@DATE@', '2026-11-21').replace('@VERSION@', '1'))
  expect(run('man', ['-l', '--warnings', file], { env: { LC_ALL: 'C.UTF-8', MANWIDTH: '80' } }).stderr).toBe('')
  expect(run('mandoc', ['-Tlint', '-W', 'warning', file])).toEqual({ status: 0, stdout: '', stderr: '' })
})

test('a page holds every flag that --help shows', needs('man'), () => {
  const help = runBin('mynetstat', ['--help']).stdout
  const flags = new Set(help.match(/(?<=^ +(?:-\w, +)?)--[a-z][a-z0-9-]+/gm))
  expect(flags.size).toBeGreaterThan(40)
  const { stdout } = run('man', ['-l', join(FOLDER, 'mynetstat.1')], { env: { LC_ALL: 'C.UTF-8', MANWIDTH: '80' } })
  expect([...flags].filter(flag => !stdout.includes(flag))).toEqual([])
})
