import { describe, expect, test } from 'vitest'
import type { ExposedListener, ExposedPath, FirewallOpinion } from '../exposure-report.ts'
import { exposureFindings } from './findings.ts'

const opinion = (answer: FirewallOpinion['answer'], rest: Partial<FirewallOpinion> = {}): FirewallOpinion => ({
  answer,
  because: [],
  ...rest,
})
const path = (
  family: 4 | 6,
  firewall: FirewallOpinion | undefined,
  scope: ExposedPath['scope'] = 'public',
): ExposedPath => ({
  family,
  scope,
  addresses: ['x'],
  firewall,
})
const listener = (facts: Partial<ExposedListener>): ExposedListener => ({
  table: 'tcp',
  inode: '1',
  address: '0.0.0.0',
  port: 80,
  takesIpv4: undefined,
  owners: [],
  paths: [],
  ...facts,
})
const codes = (listeners: ExposedListener[], hasInputFilter = true) =>
  exposureFindings({ listeners, published: [], gaps: [] }, hasInputFilter).map(({ code }) => code)

describe('findings', () => {
  test.each<[string, Partial<ExposedListener>, string[]]>([
    ['accepted on a public address', { paths: [path(4, opinion('accepted'))] }, ['open-to-all']],
    ['accepted on a private one', { paths: [path(4, opinion('accepted'), 'private')] }, []],
    ['accepted where addresses are not known', { paths: [path(4, opinion('accepted'), 'unknown')] }, ['open-to-all']],
    ['dropped', { paths: [path(4, opinion('dropped'))] }, []],
    ['depends', { paths: [path(4, opinion('depends'))] }, ['open-to-some']],
    ['not known', { paths: [path(4, opinion('unknown'))] }, []],
    ['loopback', { paths: [path(4, undefined, 'loopback')] }, ['loopback-only']],
    [
      'taken by a rule before it',
      {
        paths: [
          path(
            4,
            opinion('accepted', {
              taken: { all: true, rule: { verdict: 'translate', where: '', text: '', perhaps: false } },
            }),
          ),
        ],
      },
      [],
    ],
    [
      'dropped over IPv4 and accepted over IPv6',
      {
        table: 'tcp6',
        address: '::',
        takesIpv4: true,
        paths: [path(6, opinion('accepted')), path(4, opinion('dropped'))],
      },
      ['open-by-ipv6-only', 'open-to-all'],
    ],
    [
      'the same where IPv6 is a link-local address only',
      { table: 'tcp6', paths: [path(6, opinion('accepted'), 'link-local'), path(4, opinion('dropped'))] },
      [],
    ],
  ])('%s: %j', (_, facts, expected) => {
    expect(codes([listener(facts)])).toEqual(expected)
  })

  test('two sockets of one port, one for each family', () => {
    const both = [
      listener({ paths: [path(4, opinion('dropped'))] }),
      listener({ table: 'tcp6', address: '::', takesIpv4: false, paths: [path(6, opinion('accepted'))] }),
    ]
    expect(codes(both)).toContain('open-by-ipv6-only')
    expect(codes([{ ...both[0]!, port: 81 }, both[1]!])).not.toContain('open-by-ipv6-only')
  })

  test('no chain looks at what comes in', () => {
    expect(codes([listener({ paths: [path(4, opinion('accepted'))] })], false)).toContain('no-input-filter')
    expect(codes([listener({ paths: [path(4, undefined, 'loopback')] })], false)).not.toContain('no-input-filter')
  })

  test('what could not be read comes first, and says what helps', () => {
    const gaps = [{ reason: 'denied' as const, message: 'the firewall could not be read (root)' }]
    expect(exposureFindings({ listeners: [], published: [], gaps }, false)).toMatchObject([
      { code: 'firewall-unread', severity: 'unknown', do: [expect.stringContaining('sudo')] },
    ])
  })

  test('of many a few are named and the rest is counted', () => {
    const many = Array.from({ length: 12 }, (_, i) => listener({ port: i, paths: [path(4, opinion('accepted'))] }))
    const [finding] = exposureFindings({ listeners: many, published: [], gaps: [] }, true)
    expect([finding!.evidence.length, finding!.evidence.at(-1)]).toEqual([9, 'and 4 more'])
  })
})
