import { describe, expect, test } from 'vitest'
import type { NetstatFlags } from './flags.ts'
import { netstatRequest } from './request.ts'
import { SCRIPT_VALUES } from './options/script-flags.ts'

type Flags = Parameters<typeof netstatRequest>[0]

/** The flags of a command line as oclif parses them: what is not given is false or absent. */
const request = (given: Partial<Flags>, words: string[] = []) =>
  netstatRequest(new Proxy(given, { get: (flags, name) => Reflect.get(flags, name) ?? textOf(name) }) as Flags, words)
const TEXTS = new Set<string | symbol>(['protocol', 'columns', 'sort', 'from', 'netns', ...SCRIPT_VALUES] satisfies (
  | keyof NetstatFlags
  | 'from'
)[])
const textOf = (name: string | symbol) => (TEXTS.has(name) ? undefined : false)

describe('what a command line of mynetstat reads', () => {
  test('-ntl: no names, no owners, no details', () => {
    const { sockets, names } = request({ numeric: true, tcp: true, listening: true })
    expect(sockets).toEqual({
      tables: ['tcp', 'tcp6'],
      selection: { all: false, listening: true, ports: [] },
      owners: undefined,
      singleRead: false,
      skipDetails: true,
      skipReferences: true,
      facts: undefined,
      factsAsked: false,
      listUnlisted: false,
      skipOwnerlessReasons: true,
    })
    expect(names).toEqual({ hosts: false, services: false, users: false, mappedApart: false })
  })

  test.each<[string, Partial<Flags>, string | undefined]>([
    ['-p', { programs: true }, 'name'],
    ['--why', { why: true }, 'name'],
    ['--cmdline', { cmdline: true }, 'name'],
    ['--columns local,pid', { columns: 'local,pid' }, 'name'],
    ['--columns local,unit', { columns: 'local,unit' }, 'full'],
    ['--sort started', { sort: 'started:desc' }, 'full'],
    ['--json', { json: true }, 'full'],
    ['--columns local,state', { columns: 'local,state' }, undefined],
  ])('%s needs facts of owners: %s', (_, flags, owners) => {
    expect(request(flags).sockets.owners).toBe(owners)
  })

  test.each<[string, Partial<Flags>, boolean]>([
    ['-p', { programs: true }, true],
    ['-e', { extend: true }, false],
    ['-o', { timers: true }, false],
    ['--json', { json: true }, false],
    ['--compat', { compat: true }, false],
    ['--columns local,timer', { columns: 'local,timer' }, false],
    ['--columns local,inode', { columns: 'local,inode' }, true],
  ])('%s may skip details of TCP sockets: %s', (_, flags, skip) => {
    expect(request(flags).sockets.skipDetails).toBe(skip)
  })

  test.each<[string, Partial<Flags>, boolean]>([
    ['-p', { programs: true }, true],
    ['--why', { why: true }, false],
    ['--json', { json: true }, false],
    ['--columns why', { columns: 'why' }, false],
  ])('%s skips reasons that cost a search: %s', (_, flags, skip) => {
    expect(request(flags).sockets.skipOwnerlessReasons).toBe(skip)
  })

  test.each<[string, Partial<Flags>, string | undefined, boolean]>([
    ['-ntlp', { programs: true }, undefined, false],
    ['--json', { json: true }, 'memory', false],
    ['--json --tcp-info', { json: true, 'tcp-info': true }, 'all', true],
    ['--tcp-info --columns rcvbuf', { 'tcp-info': true, columns: 'rcvbuf' }, 'all', true],
    ['--tcp-info', { 'tcp-info': true }, 'tcp-info', true],
    ['--columns local,backlog', { columns: 'local,backlog' }, 'plain', true],
    ['--columns local,congestion,cookie', { columns: 'local,congestion,cookie' }, 'memory', true],
    ['--sort rtt', { sort: 'rtt' }, 'tcp-info', true],
  ])('%s asks the kernel for more than it tells anyway: %s', (_, flags, facts, asked) => {
    expect(request(flags).sockets).toMatchObject({ facts, factsAsked: asked })
  })

  test('--compat reads once, as netstat, and knows no ping sockets', () => {
    const { sockets } = request({ compat: true, raw: true })
    expect(sockets).toMatchObject({ singleRead: true, tables: ['raw', 'raw6'] })
  })

  test('a filter is what its words are; it names the tables and owners to read', () => {
    const { sockets, filter } = request({ tcp: true }, ['state', 'time-wait', 'or', 'pid', '=', '7'])
    expect(filter).toMatchObject({ line: 'state time-wait or pid = 7', onlyUnix: false })
    expect(sockets).toMatchObject({ owners: 'name', selection: { all: true, ports: [] }, tables: ['tcp', 'tcp6'] })
    expect(request({}, ['src', 'unix:*x']).sockets.tables).toEqual(['unix'])
    expect(request({}, ['user', 'root']).sockets.skipDetails).toBe(false)
    expect(request({}, ['why', 'orphan']).sockets.skipOwnerlessReasons).toBe(false)
  })

  test('a filter keeps to what -l and -a list, unless it says states or is a port', () => {
    const selection = (words: string[], flags: Partial<Flags> = {}) => request(flags, words).sockets.selection
    expect(selection(['dst', '10.0.0.1'])).toMatchObject({ all: false, listening: false })
    expect(selection(['state', 'all'])).toMatchObject({ all: true })
    expect(selection([':80', 'dst', '10.0.0.1'])).toMatchObject({ all: true, ports: [] })
    expect(selection(['state', 'all'], { listening: true })).toMatchObject({ all: false, listening: true })
  })

  test('what is counted by process tells its start, and every reason is a group', () => {
    const { sockets, groupBy } = request({ 'group-by': 'process,state' })
    expect(groupBy).toEqual(['process', 'state'])
    expect(sockets).toMatchObject({ owners: 'full', skipOwnerlessReasons: false })
    expect(request({ 'group-by': 'user' }).sockets).toMatchObject({ owners: undefined, skipDetails: false })
    expect(request({ summary: true }).sockets.selection.all).toBe(true)
    expect(() => request({ 'group-by': 'proces' })).toThrow('--group-by knows no key proces')
  })

  test('seconds may lead a filter behind -c', () => {
    const { filter, intervalMs } = request({ continuous: true }, ['0.5', 'state', 'established'])
    expect([filter?.line, intervalMs]).toEqual(['state established', 500])
    expect(request({ continuous: true }, ['state', 'established']).intervalMs).toBe(1000)
  })

  test('a port leaves tables without ports out and shows its listener, too', () => {
    const { sockets, display } = request({}, [':8080'])
    expect(sockets.selection).toEqual({ all: true, listening: false, ports: [8080] })
    expect(sockets.tables).not.toContain('unix')
    expect(display.sections).toEqual({ inet: true, unix: false, packet: false, netlink: false })
  })

  test('tables that few kernels have are missed only where they were asked for', () => {
    expect([...request({}).askedTables]).toEqual(['tcp', 'unix'])
    expect([...request({ sctp: true }).askedTables]).toEqual(['sctp'])
    expect(request({ verbose: true }).askedTables).toContain('udplite')
  })

  test('in every namespace no walk is worth the references of listeners', () => {
    expect(request({ json: true, listening: true }).sockets.skipReferences).toBe(false)
    expect(request({ json: true, listening: true, 'all-netns': true }).sockets.skipReferences).toBe(true)
  })

  test.each<[string, Partial<Flags>, string[], boolean]>([
    ['a port', {}, [':8080'], true],
    ['every namespace', { 'all-netns': true }, [], true],
    ['the column', { columns: 'local,published' }, [], true],
    ['sockets alone', { listening: true }, [], false],
    ['--compat, which has no place for it', { compat: true }, [':8080'], false],
    ['counts, which are of sockets', { summary: true }, [':8080'], false],
    ['groups', { 'group-by': 'state' }, [':8080'], false],
    ['changes', { watch: true }, [':8080'], false],
  ])('%s: published ports are looked for: %s', (_, flags, words, published) => {
    expect(request(flags, words).published).toBe(published)
  })

  test('-c repeats a live reading only', () => {
    expect(request({ continuous: true }, ['0.5']).intervalMs).toBe(500)
    expect(() => request({ continuous: true, from: 'a.snap.json' })).toThrow('a recording never changes')
  })

  test.each<[Partial<Flags>, string]>([
    [{ columns: 'local,nothing' }, '--columns knows no column nothing'],
    [{ sort: 'local:up' }, '--sort local:up ends in neither :asc nor :desc'],
    [{ protocol: 'ipx' }, 'no address family ipx'],
    [{ context: true }, 'has no --context'],
    [{ watch: true, continuous: true }, '--watch and --continuous do not go together'],
    [{ watch: true, compat: true }, '--watch and --compat do not go together'],
    [{ watch: true, summary: true }, '--watch and --summary do not go together'],
    [{ watch: true, from: 'a.snap.json' }, '--watch repeats a live reading'],
    [{ masquerade: true }, 'has no --masquerade'],
    [{ json: true, compat: true }, '--json and --compat do not go together'],
    [{ why: true, compat: true }, '--why and --compat do not go together'],
    [{ sort: 'pid', compat: true }, '--sort and --compat do not go together'],
    [{ packet: true, compat: true }, '--packet and --compat do not go together'],
    [{ 'tcp-info': true, compat: true }, '--tcp-info and --compat do not go together'],
    [{ columns: 'proto', json: true }, '--columns and --json do not go together'],
    [{ 'no-header': true, json: true }, '--no-header and --json do not go together'],
    [{ columns: 'proto', why: true }, '--why and --columns do not go together'],
    [{ columns: 'proto', cmdline: true }, '--cmdline and --columns do not go together'],
    [{ 'all-netns': true, compat: true }, '--all-netns and --compat do not go together'],
    [{ 'all-netns': true, netns: 'blue' }, '--all-netns and --netns do not go together'],
    [{ unlisted: true }, '--unlisted is for --json'],
  ])('%j is refused', (flags, message) => {
    expect(() => request(flags)).toThrow(message)
  })

  test('sockets that no table lists are named on request', () => {
    expect(request({ json: true }).sockets.listUnlisted).toBe(false)
    expect(request({ json: true, unlisted: true }).sockets.listUnlisted).toBe(true)
  })
})

describe('operands', () => {
  const operands = (words: string[], flags: Partial<Flags> = {}) => {
    const { sockets, intervalMs, looksLikePort } = request(flags, words)
    return [sockets.selection.ports, intervalMs, looksLikePort]
  }

  test.each<[string[], Partial<Flags>, unknown[]]>([
    [[':80', '443'], {}, [[80, 443], 1000, false]],
    [['2'], { continuous: true }, [[], 2000, false]],
    [['0.5', ':80'], { continuous: true }, [[80], 500, false]],
    [['80'], { continuous: true }, [[], 80_000, true]],
    [['19'], { continuous: true }, [[], 19_000, false]],
    [['65535'], { continuous: true }, [[], 65_535_000, true]],
    [['2147483'], { continuous: true }, [[], 2_147_483_000, false]],
    [['junk', '8080'], { compat: true }, [[], 1000, false]],
    [['junk'], { continuous: true, compat: true }, [[], 1000, false]],
  ])('%j with %j', (words, flags, expected) => {
    expect(operands(words, flags)).toEqual(expected)
  })

  test.each<[string[], Partial<Flags>, string]>([
    [['http'], {}, 'http is no port'],
    [['65536'], {}, '65536 is no port'],
    [['0'], { continuous: true }, '0 is no number of seconds that -c can wait'],
    [['0'], { continuous: true, compat: true }, '0 is no number of seconds that -c can wait'],
    [['-1'], { continuous: true }, '-1 is no number of seconds'],
    [['1s'], { continuous: true }, '1s is no number of seconds'],
    [['2147484'], { continuous: true }, '2147484 is no number of seconds'],
    [['1', '80'], { continuous: true }, '80 is a second number behind -c'],
  ])('%j with %j is refused', (words, flags, message) => {
    expect(() => operands(words, flags)).toThrow(message)
  })

  test.each([
    ['ntlp', 'options are written with a dash: -ntlp'],
    [':65536', 'the highest port is 65535'],
    ['nginx', 'a port is written :8080 or 8080'],
  ])('%s is no port, and what is meant is said', (word, hint) => {
    expect(() => operands([word], {})).toThrow(expect.objectContaining({ message: `${word} is no port`, hint }))
  })
})
