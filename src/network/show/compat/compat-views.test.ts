import { readdirSync, readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import type { ProcSource } from '../../../proc/proc-source.ts'
import { openSource } from '../../../proc/open-source.ts'
import { fixture } from '../../../../test/support/paths.ts'
import { NO_NAMES } from '../../model.ts'
import { readCounters } from '../../read/read-counters.ts'
import { readGroups } from '../../read/read-groups.ts'
import { readInterfaces } from '../../read/read-interfaces.ts'
import { readRoutes } from '../../read/read-routes.ts'
import { parseLinks } from '../../tables/ip-json.ts'
import { compatGroups } from './groups.ts'
import { compatInterfaces } from './interfaces.ts'
import { compatRoutes } from './routes.ts'
import { compatStatistics } from './statistics.ts'

const text = (pieces: Iterable<string>) => [...pieces].join('')
const golden = (path: string) => readFileSync(fixture(`netstat/${path}`), 'latin1')
/** The flags in the name of a golden: `rn6` of `netstat-rn6.out`. */
const namesOf = (folder: string, pattern: RegExp) =>
  readdirSync(fixture(`netstat/${folder}`)).flatMap(name => pattern.exec(name)?.[1] ?? [])

const statistics = (source: ProcSource, flags: string) => {
  const has = (letter: string) => flags.includes(letter)
  const letters = { tcp: has('t'), udp: has('u'), raw: has('w'), sctp: has('S'), udplite: has('U'), ipv6: has('6') }
  return text(compatStatistics(readCounters(source), letters))
}

const routes = (source: ProcSource, flags: string) => {
  const has = (letter: string) => flags.includes(letter)
  const options = {
    ipv4: !has('6') || has('4'),
    ipv6: has('6'),
    extend: flags.split('e').length - 1,
    cache: has('C'),
    table: has('F') || !has('C'),
    numeric: has('n') || has('N'),
  }
  return text(compatRoutes(readRoutes(source, { ...options, littleEndian: true }), NO_NAMES, options))
}

describe('over a scene with routes of every kind', () => {
  let source: ProcSource
  beforeAll(async () => {
    source = await openSource(fixture('netstat/views/proc.tar'), undefined)
  })

  test.each(namesOf('views', /^netstat-(s\w*)\.out$/))('netstat -%s', flags => {
    expect(statistics(source, flags)).toBe(golden(`views/netstat-${flags}.out`))
  })

  test.each(namesOf('views', /^netstat-(r\w*)\.out$/))('netstat -%s', flags => {
    expect(routes(source, flags)).toBe(golden(`views/netstat-${flags}.out`))
  })

  test.each(namesOf('views', /^netstat-(i\w*)\.out$/))('netstat -%s', flags => {
    const links = parseLinks(golden('views/ip-address.json'))
    const options = { all: flags.includes('a'), long: flags.includes('e'), title: true }
    expect(text(compatInterfaces(readInterfaces(source, links), options))).toBe(golden(`views/netstat-${flags}.out`))
  })

  test('netstat -i of the facts of /sys: the same but for addresses', () => {
    const options = { all: true, long: false, title: true }
    const withoutAlias = golden('views/netstat-ia.out').replace(/^v0:1 .*\n/m, '')
    expect(text(compatInterfaces(readInterfaces(source, undefined), options))).toBe(withoutAlias)
  })

  test('netstat -gn', () => {
    const groups = readGroups(source, { ipv4: true, ipv6: true, link: false, littleEndian: true })
    expect(text(compatGroups(groups, NO_NAMES))).toBe(golden('views/netstat-gn.out'))
  })
})

describe('every counter it knows', () => {
  test.each(namesOf('every-counter', /^netstat-(\w+)\.out$/))('netstat -%s', async flags => {
    const source = await openSource(fixture('netstat/every-counter/proc'), undefined)
    expect(statistics(source, flags)).toBe(golden(`every-counter/netstat-${flags}.out`))
  })
})

describe('the goldens of another scene', () => {
  /** `$ netstat …` before and the status behind. */
  const inner = (name: string) => /^(?:\$ netstat.*\n)?([^]*?)(?:\[rc=0\]\n)?$/.exec(golden(`route/${name}`))![1]!
  const files = new Map<string, Buffer>(
    readdirSync(fixture('netstat/route')).flatMap(name => {
      const file = /^proc_net_(.*)$/.exec(name)?.[1]
      return file === undefined ? [] : [[`net/${file}`, Buffer.from(golden(`route/${name}`), 'latin1')] as const]
    }),
  )
  const source = {
    readFile(path: string) {
      const bytes = files.get(path)
      if (bytes === undefined) throw Object.assign(new Error(path), { code: 'ENOENT' })
      return bytes
    },
  } as ProcSource

  test.each(['r', 'rN', 'rn', 'rn6', 'rnC', 'rnW', 'rne', 'rnee'])('netstat -%s', flags => {
    expect(routes(source, flags)).toBe(inner(`netstat-${flags}`))
  })

  test.each(['s', 'su', 'sw'])('netstat -%s', flags => {
    expect(statistics(source, flags)).toBe(inner(`netstat-${flags}`))
  })

  test('netstat -gn', () => {
    const groups = readGroups(source, { ipv4: true, ipv6: true, link: false, littleEndian: true })
    expect(text(compatGroups(groups, NO_NAMES))).toBe(inner('netstat-gn'))
  })
})
