import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sampleOf, type RowOfSample } from '../../../test/support/top-sample.ts'
import { TCP_STATE } from '../../kernel/tcp-state.ts'
import { textWidth } from '../../terminal/text-width.ts'
import { reduce } from '../keys/reduce.ts'
import { initialState, type ScreenState } from '../keys/screen-state.ts'
import { VIEWS, type Sample } from '../model.ts'
import { frameOf, type FrameFacts } from './frame.ts'
import { createPaint } from './paint.ts'

const ROWS: RowOfSample[] = [
  {
    owner: 812,
    local: '192.0.2.1:443',
    remote: '198.51.100.7:40112',
    received: 1_250_000,
    sent: 52_000,
    retransmits: 0.5,
    rttUs: 12_300,
    unread: 1500,
  },
  {
    owner: 812,
    local: '192.0.2.1:443',
    remote: '198.51.100.8:40113',
    received: 12,
    sent: 0,
    retransmits: 0,
    rttUs: 800,
  },
  {
    owner: 900,
    local: '192.0.2.1:51000',
    remote: '203.0.113.5:5432',
    received: 4000,
    sent: 900,
    retransmits: 0,
    rttUs: 420,
    unsent: 64,
  },
  {
    owner: 901,
    local: '::1:6000',
    remote: '203.0.113.5:5432',
    received: 0,
    sent: 0,
    retransmits: 0,
    state: TCP_STATE.closeWait,
  },
  { owner: 812, state: TCP_STATE.listen, local: '0.0.0.0:443', unread: 120, unsent: 128 },
  { received: 0, sent: 0, retransmits: 0 },
]
const OWNERS = {
  812: { program: 'nginx', unit: 'nginx.service' },
  900: { program: 'orders-api', container: 'f00dfeedbeef' + '0'.repeat(52) },
  901: { program: 'b\xc3\xbc\xe6\xbc\xa2\xe5\xad\x97\x1b[31m' },
}
const SAMPLE = sampleOf(ROWS, OWNERS)

const facts = (rest: Partial<FrameFacts> = {}): FrameFacts => ({
  state: initialState(),
  sample: SAMPLE,
  history: { received: [0, 1, 5, 3], sent: [1, 1, 0, 2] },
  diagnosis: undefined,
  diagnosing: false,
  connection: undefined,
  width: 80,
  height: 16,
  paint: createPaint(false),
  clock: '12:00:00',
  pace: 'every 1 s',
  diagnosedAgo: undefined,
  ...rest,
})

const screen = (rest: Partial<FrameFacts> = {}) =>
  `\n${frameOf(facts(rest))
    .lines.map(line => line.trimEnd())
    .join('\n')}\n`

const pressing = (keys: string[], rest: Partial<FrameFacts> = {}): ScreenState =>
  keys.reduce((state, key) => reduce(state, key, frameOf(facts({ ...rest, state })).page).state, initialState())

describe('processes', () => {
  test.each([40, 80, 120, 200])('at %i columns', width => {
    expect(screen({ width })).toMatchSnapshot()
  })

  test('before the second look', () => {
    const first = sampleOf([{ owner: 812 }], OWNERS, { look: { seconds: undefined, amounts: undefined } })
    expect(screen({ sample: first, height: 9 })).toMatchSnapshot()
  })
})

test.each(['connections', 'listeners', 'time-wait', 'hosts', 'findings'] as const)('%s', view => {
  expect(screen({ state: initialState(view), width: 110 })).toMatchSnapshot()
})

describe('keys', () => {
  test('Enter shows the connections of a process, with where one is', () => {
    expect(screen({ state: pressing(['enter', 'down']) })).toMatchSnapshot()
  })

  test('help', () => {
    expect(screen({ state: pressing(['?']), height: 40 })).toMatchSnapshot()
    expect(screen({ state: pressing(['?']), width: 40, height: 20 })).toMatchSnapshot()
  })

  test('the filter as it is typed, and as it is set', () => {
    expect(frameOf(facts({ state: pressing(['/', 'p', 'i']) })).lines.at(-2)).toBe('/pi ')
    expect(frameOf(facts({ state: initialState('hosts', 'pid 7') })).lines.at(-2)).toBe('filter: pid 7')
    expect(frameOf(facts({ state: initialState('findings', 'pid 7') })).lines.at(-2)).toBe(
      'filter: pid 7 (not of this view)',
    )
  })

  test('what was said stands above the keys, escaped', () => {
    const state = { ...initialState(), message: { text: 'no \x1b[31m', isError: true } }
    expect(frameOf(facts({ state })).lines.at(-2)).toBe('no \\x1b[31m')
  })
})

test('the chosen row and the view that is shown are marked without colours', () => {
  const { lines } = frameOf(facts())
  expect(lines.filter(line => line.startsWith('>'))).toHaveLength(1)
  expect(lines.join('\n')).toContain('[1 Processes]')
})

test('findings are shown with their time, and opened', () => {
  const finding = {
    code: 'x',
    cause: 'accept-queue-full' as never,
    severity: 'critical' as const,
    finding: 'its accept queue is full\x07',
    evidence: ['129 wait, 128 may'],
    culprits: [{ pid: 812, comm: 'nginx' }],
    victims: [],
    measures: [],
    consequences: [],
    do: ['call accept() sooner'],
    not: [],
    reach: 1,
    towards: [],
  }
  const rest = {
    diagnosis: { findings: [finding], limits: ['system calls'] },
    diagnosedAgo: '12s ago',
  }
  const state = initialState('findings')
  expect(screen({ ...rest, state, height: 12 })).toMatchSnapshot()
  const opened = reduce(state, 'enter', frameOf(facts({ ...rest, state })).page).state
  expect(screen({ ...rest, state: opened, height: 14 })).toMatchSnapshot()
})

describe('whatever the machine and the terminal', () => {
  const name = fc.string({
    unit: fc.constantFrom('a', '\xc3', '\xa9', '\xe6', '\xbc', '\xa2', '\x1b', '[', 'm', '\n', ' ', "'", '\x7f'),
  })
  const sample: fc.Arbitrary<Sample> = fc
    .array(
      fc.record({
        owner: fc.nat(3),
        state: fc.constantFrom(1, 8, 10),
        local: fc.constantFrom('192.0.2.1:80', '2001:db8:1111:2222:3333:4444:5555:6666:65535'),
        received: fc.oneof(fc.constant(Number.NaN), fc.double({ min: 0, max: 1e15, noNaN: true })),
        unread: fc.nat(2 ** 30),
      }),
      { maxLength: 30 },
    )
    .chain(rows =>
      fc
        .tuple(name, name, name)
        .map(([a, b, c]) =>
          sampleOf(
            rows,
            { 1: { program: a, unit: b }, 2: { program: c, container: a }, 3: { program: '' } },
            { host: b },
          ),
        ),
    )

  test('a frame has as many lines as the screen, none wider than it, and no control character', () => {
    fc.assert(
      fc.property(
        sample,
        fc.constantFrom(...VIEWS),
        fc.integer({ min: 20, max: 220 }),
        fc.integer({ min: 3, max: 50 }),
        fc.array(fc.constantFrom('enter', 'down', 'g', 's', '?', '/', 'x', 'end', 'escape'), { maxLength: 8 }),
        (machine, view, width, height, keys) => {
          let state = initialState(view, 'pid 7')
          const sized = { sample: machine, width, height }
          for (const key of keys) state = reduce(state, key, frameOf(facts({ ...sized, state })).page).state
          const { lines } = frameOf(facts({ ...sized, state }))
          expect(lines.length).toBe(height)
          for (const line of lines) {
            expect(textWidth(line)).toBeLessThanOrEqual(width)
            // oxlint-disable-next-line no-control-regex
            expect(line).not.toMatch(/[\x00-\x1f\x7f-\x9f]/)
          }
        },
      ),
      { numRuns: 300 },
    )
  })

  test('colours change no text', () => {
    // oxlint-disable-next-line no-control-regex
    const bare = (lines: string[]) => lines.map(line => line.replaceAll(/\x1b\[[\d;]*m/g, '').trimEnd())
    for (const view of VIEWS) {
      const state = initialState(view)
      expect(bare(frameOf(facts({ state, paint: createPaint(true) })).lines)).toEqual(
        frameOf(facts({ state })).lines.map(line => line.trimEnd()),
      )
    }
  })
})
