import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { UsageError } from '../../../errors.ts'
import { filterTrees } from '../../../../test/support/filter-trees.ts'
import { parseFilter, type FilterChoice } from './parse-filter.ts'
import { printFilter } from './print-filter.ts'
import { FilterError } from './tokens.ts'

const SERVICES: Readonly<Record<string, readonly number[]>> = { http: [80], exec: [512, 514] }
const choice: FilterChoice = { family: 'inet', service: name => SERVICES[name] ?? [] }
const read = (line: string, family: FilterChoice['family'] = 'inet') => parseFilter(line, { ...choice, family })
/** The tree that was understood, in brackets wherever that matters. */
const meaning = (line: string, family?: FilterChoice['family']) => printFilter(read(line, family).tree)
const codes = (line: string) => read(line).warnings.map(({ code }) => code)

describe("ss's grouping", () => {
  test.each([
    ['sport = 1 or sport = 2 and sport = 3', '( sport = 1 or sport = 2 ) and sport = 3'],
    ['sport = 1 and sport = 2 or sport = 3', '( sport = 1 and sport = 2 ) or sport = 3'],
    ['sport = 1 or ( sport = 2 and sport = 3 )', 'sport = 1 or ( sport = 2 and sport = 3 )'],
    ['sport = 1 sport = 2 | sport = 3', '( sport = 1 and sport = 2 ) or sport = 3'],
    ['not sport = 1 or sport = 2', 'not sport = 1 or sport = 2'],
    ['! ( sport = 1 || sport = 2 ) src 127.0.0.1', 'not ( sport = 1 or sport = 2 ) and src = 127.0.0.1'],
    ['not not sport = 1', 'not not sport = 1'],
    ['state established sport = 1 or sport = 2', 'state established and ( sport = 1 or sport = 2 )'],
    ['state established or sport = 2', 'state established or sport = 2'],
    ['state closing state last-ack', 'state last-ack,closing'],
    [
      'exclude listening exclude time-wait',
      'state established,syn-sent,syn-recv,fin-wait-1,fin-wait-2,unconnected,close-wait,last-ack,closing,bound-inactive',
    ],
    [
      'state connected exclude time-wait exclude bucket',
      'state established,syn-sent,fin-wait-1,fin-wait-2,close-wait,last-ack,closing,bound-inactive',
    ],
    ['sport = 1 state LISTEN', 'sport = 1 and state listening'],
    ['sport = 1 or not state fin_wait1', 'sport = 1 or not state fin-wait-1'],
    ['exclude all', 'exclude all'],
  ])('%s', (line, tree) => expect(meaning(line)).toBe(tree))

  test.each([
    ['sport = 1 or sport = 2 and sport = 3', ['filter-mixes']],
    ['sport = 1 or sport = 2 sport = 3', ['filter-mixes']],
    ['sport = 1 or ( sport = 2 and sport = 3 )', []],
    ['state established sport = 1 or sport = 2', []],
    ['not sport = 1 or sport = 2', []],
  ])('%s warns of mixed words: %j', (line, expected) => expect(codes(line)).toEqual(expected))
})

describe('words', () => {
  test.each([
    ['sport=80', 'sport = 80'],
    ['(sport=:80)', 'sport = 80'],
    ['sport \\= :80', 'sport = 80'],
    ['\\( sport = 80 \\)', 'sport = 80'],
    ['SPORT GE :HTTP', undefined],
    ['SPORT GE :http', 'sport >= 80'],
    ['dport != 0x50 dport neq 0120', 'dport != 80 and dport != 80'],
    ['sport 70000', 'sport = 70000'],
    ['sport > *', 'sport > *'],
    ['src != 10.0.0.1', 'not src = 10.0.0.1'],
    ['dst 10.9/16', 'dst = 10.9.0.0/16'],
    ['dst 10.9.0.1/255.255.255.0', 'dst = 10.9.0.1/24'],
    ['dst *:80', 'dst = *:80'],
    ['dst :80', 'dst = *:80'],
    ['dst any', 'dst = *'],
    ['dst [::1]:443', 'dst = [::1]:443'],
    ['dst ::1', 'dst = [::1]'],
    ['dst [fd09::]/16', 'dst = [fd09::]/16'],
    ['dst fd09::/16', 'dst = [fd09::]/16'],
    ['dst fd09::1:6000', 'dst = [fd09::1]:6000'],
    ['dst inet6:localhost:80', 'dst = inet6:localhost:80'],
    ['dst /run/x.sock', 'dst = unix:/run/x.sock'],
    ['src unix:*a\\ b', 'src = unix:*a\\ b'],
    ['src link:arp:veth0', 'src = link:2054:veth0'],
    ['src netlink:rtnl:kernel', 'src = netlink:0:0'],
    ['src vsock:2:80', 'src = vsock:2:80'],
    ['dev != eth0 fwmark 0x10/0xf0', 'dev != eth0 and fwmark = 0x10/0xf0'],
    ['cgroup /a=b(c)', 'cgroup = /a=b\\(c\\)'],
    ['autobound', 'autobound'],
    [':80 443 or pid 7', ':80 :443 or pid = 7'],
    ['rtt > 50ms rtt<800us rtt ge 1s', 'rtt > 50ms and rtt < 0.8ms and rtt >= 1000ms'],
    ['recvq > 64K sendq > 1.5m', 'recvq > 65536 and sendq > 1572864'],
    ['age > 2m', 'age > 120s'],
    ['comm ~ ngin* user != root why orphan', 'comm ~ ngin* and user != root and reason = orphan'],
    ['cmdline !~ *-D*&&pid=1', 'cmdline !~ *-D* and pid = 1'],
  ])('%s', (line, tree) => {
    if (tree === undefined) expect(() => read(line)).toThrow(FilterError)
    else expect(meaning(line)).toBe(tree)
  })

  test('where only unix sockets are listed a value is a name, as in ss', () => {
    expect(meaning('src *.sock', 'unix')).toBe('src = unix:*.sock')
    expect(meaning('src *:veth0', 'link')).toBe('src = link:*:veth0')
  })

  test.each([
    ['dst fd09::1:6000', 'dst fd09::1:6000 is read', 'write [fd09::1:6000] for the address'],
    ['src 127', '127 is read as the single address 127.0.0.0', '127.0.0.0/8'],
  ])('%s is remarked on', (line, _, hint) => {
    expect(read(line).warnings).toEqual([
      { code: 'filter-read-so', message: expect.any(String), hint: expect.stringContaining(hint) },
    ])
  })

  test('names of hosts are told with their place', () => {
    expect(read('sport = 1 dst inet6:Example.org:80').hostNames).toEqual([
      { name: 'example.org', only: 'inet6', token: { text: 'inet6:Example.org:80', at: 14, length: 20 } },
    ])
  })
})

describe('errors point at the token and say what was expected', () => {
  test.each<[line: string, message: string, at: number, length: number, hint: string | undefined]>([
    ['sport = :nosuch', 'nosuch is no port', 8, 7, 'a port is a number, the name of a service, or *'],
    ['dport = exec', 'exec is a service on port 512 and on port 514', 8, 4, 'give the number'],
    ['stat established', 'stat is no port and no word of a filter', 0, 4, 'did you mean state?'],
    ['sport = 1 foo', 'foo is no port and no word of a filter', 10, 3, undefined],
    ['established', 'established is no port and no word of a filter', 0, 11, 'a state is written: state established'],
    ['state establised', 'establised is no state', 6, 10, 'did you mean established?'],
    ['state', 'state is not followed by a state', 5, 1, undefined],
    ['sport = 1 or', 'or is followed by nothing where a predicate is expected', 12, 1, undefined],
    ['sport = 1 and and sport = 2', 'and is followed by and where a predicate is expected', 14, 3, undefined],
    ['( )', '( is followed by ) where a predicate is expected', 2, 1, undefined],
    ['( sport = 1', 'there is no ) to this (', 0, 1, undefined],
    ['sport = 1 )', 'there is no ( to this )', 10, 1, undefined],
    ['sport', 'sport is followed by nothing', 5, 1, 'expected: a port'],
    ['src > 10.0.0.1', 'src cannot be compared by >', 4, 1, 'it takes = !='],
    ['pid ~ 7', 'pid cannot be compared by ~', 4, 1, 'it takes = != < <= > >='],
    ['dst 10.0.0.0/33', '/33 is no prefix of an IPv4 address', 4, 11, undefined],
    ['dst [::1]/129', '/129 is no prefix of an IPv6 address', 4, 9, undefined],
    ['dst inet6:10.0.0.1', '10.0.0.1 is no IPv6 address', 4, 14, undefined],
    ['dst 300.1.1.1', '300.1.1.1 is no address', 4, 9, undefined],
    ['src *app*', '*app* is no address', 4, 5, 'a name of a unix socket is written unix:*app*'],
    ['fwmark x', 'x is no mark', 7, 1, 'a mark is written 0x10 or 0x10/0xf0'],
    ['rtt > 5m', '5m is not what rtt takes', 6, 2, undefined],
    ['reason orfan', 'orfan is no reason why a socket has no owner', 7, 5, 'did you mean orphan?'],
    ['state established :99999', ':99999 is no port', 18, 6, undefined],
    ['src netlink:nosuch', 'nosuch is no netlink protocol', 4, 14, undefined],
  ])('%s', (line, message, at, length, hint) => {
    let thrown: unknown
    try {
      read(line)
    } catch (error) {
      thrown = error
    }
    expect(thrown).toBeInstanceOf(FilterError)
    const { excerpt, message: said, hint: next } = thrown as FilterError
    expect({ said, excerpt }).toEqual({ said: message, excerpt: { line, at, length } })
    if (hint !== undefined) expect(next).toBe(hint)
  })

  test('a lone word that is near none is taken for a port', () => {
    expect(() => read('http')).toThrow(/^http is no port$/)
  })

  test('a filter may be as deep and long as people write, and no more', () => {
    expect(meaning(`${'( '.repeat(100)}pid 1${' )'.repeat(100)}`)).toBe('pid = 1')
    expect(() => read(`${'( '.repeat(300)}pid 1${' )'.repeat(300)}`)).toThrow('at most 200 brackets deep')
    expect(() => read(Array.from({ length: 2000 }, () => 'pid 1').join(' or '))).toThrow('at most 1000 predicates')
  })
})

describe('properties', () => {
  test('a printed tree reads as the same tree', () => {
    fc.assert(
      fc.property(filterTrees, tree => {
        const line = printFilter(tree)
        expect(read(line).tree).toEqual(tree)
      }),
      { numRuns: 500 },
    )
  })

  test('what is read and printed reads the same again', () => {
    const words = fc.constantFrom(
      '(',
      ')',
      'or',
      'and',
      'not',
      'sport',
      'dst',
      '=',
      '!=',
      '>',
      ':80',
      '10.0.0.0/8',
      '[::1]',
      'state',
      'established',
      'pid',
      'comm',
      '~',
      'a\\ b*',
      'unix:/x',
      'dev',
      'rtt',
      '5ms',
    )
    fc.assert(
      fc.property(fc.array(words, { maxLength: 12 }), list => {
        const line = list.join(' ')
        let tree
        try {
          ;({ tree } = read(line))
        } catch (error) {
          expect(error).toBeInstanceOf(UsageError)
          return
        }
        expect(read(printFilter(tree)).tree).toEqual(tree)
      }),
      { numRuns: 1000 },
    )
  })

  test('any text is read, or refused at a place inside it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), line => {
        try {
          read(line)
        } catch (error) {
          expect(error).toBeInstanceOf(UsageError)
          const { at } = (error as FilterError).excerpt ?? { at: 0 }
          expect(at).toBeLessThanOrEqual(line.length)
        }
      }),
      { numRuns: 500 },
    )
  })
})
