// Every example of the README and of docs/ that reads a recording prints what stands below it.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { DocShell, examplesOf, PAGES } from '../support/doc-examples.ts'
import { needs } from '../support/needs.ts'
import { ROOT, ZOO } from '../support/paths.ts'
import { run, runBin } from '../support/run.ts'

const recorded = PAGES.flatMap(page => examplesOf(page)).filter(example => !example.live)

const shell = new DocShell()
afterAll(() => shell.dispose())

describe('examples', () => {
  test('stand in the README and on the page of every command', () => {
    const pages = new Set(recorded.map(({ page }) => page))
    const wanted = ['README', 'docs/mynetstat', 'docs/tw-stats', 'docs/trace-syscalls', 'docs/bpf', 'docs/snapshot']
    expect([...pages]).toEqual(expect.arrayContaining(wanted.map(name => `${name}.md`)))
  })

  for (const { page, command, output } of recorded.flatMap(({ page, steps }) => steps.map(step => ({ page, ...step }))))
    test(`${page}: ${command}`, command.includes('| grep') ? needs('grep') : {}, () => {
      expect(shell.run(command, ROOT)).toEqual({ stdout: output, stderr: '', status: 0 })
    })
})

describe('README', () => {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8')

  test('opens with two commands that package.json has', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>
    }
    expect(readme).toContain('npm ci && npm start')
    expect(readme).toContain('npm ci && npm test')
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(['start', 'test', 'prepare']))
  })

  test(
    'npm start shows who listens and what is wrong, each with the line to type, and takes another line',
    needs('Linux'),
    () => {
      const start = (...words: string[]) => run(process.execPath, [join(ROOT, 'scripts/start.mjs'), ...words])
      const { stdout, status } = start()
      expect(stdout.split('\n').filter(line => line.startsWith('$ '))).toEqual([
        '$ mynetstat -ntlp',
        '$ linsight diagnose --fail-on never',
      ])
      expect(stdout).toMatch(/^Proto .*PID\/Program name/m)
      expect(stdout).toMatch(/^looked for \d/m)
      expect(status).toBe(0)
      expect(start('mynetstat', '-a', '--from', ZOO).stdout).toBe(runBin('mynetstat', ['-a', '--from', ZOO]).stdout)
      expect(start('nope').status).toBe(2)
    },
  )

  test('is short', () => expect(Buffer.byteLength(readme)).toBeLessThanOrEqual(12 * 1024))
})
