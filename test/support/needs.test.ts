import { afterEach, describe, expect, test, vi } from 'vitest'
import { needs } from './needs.ts'
import { againLines, skippedLines } from './closing-reporter.ts'

describe('a tool that is absent', needs('Linux'), () => {
  afterEach(() => vi.unstubAllEnvs())

  test('skips the test', () => {
    vi.stubEnv('PATH', '/nonexistent')
    vi.stubEnv('CI', '')
    const unmet = [
      { need: 'ip', packages: 'iproute2' },
      { need: 'gcc', packages: 'gcc libc6-dev' },
    ]
    expect(needs('ip', 'gcc')).toEqual({ skip: true, meta: { unmet } })
  })

  test('is a failure where CI is set', () => {
    vi.stubEnv('PATH', '/nonexistent')
    vi.stubEnv('CI', 'true')
    expect(() => needs('ip', 'ss')).toThrow('ip, ss must be there where CI is set: apt-get install -y iproute2')
  })
})

test('a need of one file is asked only where all else is there', () => {
  const told = { need: 'a blue moon', remedy: 'wait' }
  expect(needs({ ...told, isMet: () => false })).toEqual({ skip: true, meta: { unmet: [told] } })
  expect(needs({ ...told, isMet: () => true })).toEqual({ skip: false, meta: { unmet: [] } })
})

describe('what was skipped is said', () => {
  const ip = { need: 'ip', packages: 'iproute2' }
  const ss = { need: 'ss', packages: 'iproute2' }
  const root = { need: 'root', remedy: 'run the tests as root' }

  test('in one line for all tools, and one for each other need', () => {
    expect(skippedLines([[ip], [ss, root], [root, root], []])).toEqual([
      'skipped: 2 tests need ip, ss: apt-get install -y iproute2',
      'skipped: 2 tests need root: run the tests as root',
    ])
  })

  test('in no line where nothing was', () => {
    expect(skippedLines([])).toEqual([])
    expect(skippedLines([[{ need: 'Linux' }]])).toEqual(['skipped: 1 test needs Linux'])
  })
})

test('what passed when it was tried again is named', () => {
  expect(againLines(['test/live/a.test.ts > b'])).toEqual(['passed when tried again: test/live/a.test.ts > b'])
  expect(againLines([])).toEqual([])
})
