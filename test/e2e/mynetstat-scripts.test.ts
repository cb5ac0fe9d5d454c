// --fail-on, --group-by, --top and --summary over recordings; --wait is in test/live.
import { describe, expect, test } from 'vitest'
import { fixture, ZOO } from '../support/paths.ts'
import { runBin } from '../support/run.ts'

const fromZoo = (...args: string[]) => runBin('mynetstat', [...args, '--from', ZOO])
const document = (...args: string[]) => JSON.parse(fromZoo(...args, '--json').stdout) as Record<string, unknown>

describe('--fail-on', () => {
  test('ends with 1 where a socket is so, names it, and lists what was asked for all the same', () => {
    const { status, stdout, stderr } = fromZoo('-ntl', '--fail-on', 'state close-wait')
    expect(status).toBe(1)
    expect(stdout).toBe(fromZoo('-ntl').stdout)
    expect(stderr).toBe(
      "mynetstat: --fail-on 'state close-wait' is met by 2 sockets: tcp 127.0.0.1:1008 127.0.0.1:2008 CLOSE_WAIT 11/python3,63/python3; tcp 127.0.0.1:1007 127.0.0.1:2007 CLOSE_WAIT 11/python3,63/python3\n",
    )
  })

  test.each([
    [
      ['state close-wait by process > 1'],
      1,
      /is met by 2 groups: 11\/python3 \(2 sockets\); 63\/python3 \(2 sockets\)/,
    ],
    [['state close-wait by process > 2'], 0, /^$/],
    [['state last-ack by total > 0'], 1, /is met by 1 sockets?\n/],
    [['fwmark = 3'], 3, /cannot be answered: of 78 sockets it is not known/],
    [['fwmark = 3', 'state close-wait'], 1, /is met by 2 sockets[^]*cannot be answered/],
    [['fwmark = 3 by total > 78'], 0, /^$/],
    [['fwmark = 3 by total >= 78'], 3, /cannot be answered/],
  ])('%j: status %i', (conditions, expected, said) => {
    const { status, stderr } = fromZoo('-nt', ...conditions.flatMap(text => ['--fail-on', text]))
    expect({ status, said: said.test(stderr), stderr }).toEqual({ status: expected, said: true, stderr })
  })

  test('--json has every answer', () => {
    expect(document('-nt', '--fail-on', 'state close-wait by process > 1', '--fail-on', 'fwmark = 3')).toMatchObject({
      failOn: [
        { answer: 'met', sockets: 2, unknownSockets: 0, groups: [{ values: ['11/python3'], sockets: 2 }, {}] },
        { answer: 'unknown', sockets: 0, unknownSockets: 78 },
      ],
      warnings: [{ code: 'fail-on-unknown' }],
    })
  })

  test('a filter that cannot be read is wrong usage', () => {
    expect(fromZoo('--fail-on', 'stat close-wait')).toMatchObject({ status: 2, stdout: '' })
  })
})

describe('--group-by', () => {
  test('counts a shared socket in the group of each process, and once in the total', () => {
    const lines = fromZoo('-ant', '--group-by', 'process', '--top', '2').stdout.trimEnd().split('\n')
    expect(lines).toEqual([
      expect.stringMatching(/^Process +Sockets Recv-Q +Send-Q Accept-Q States$/),
      expect.stringMatching(/^11\/python3 +58 +515051 11346436 +3 LISTEN 28, ESTABLISHED 21, /),
      expect.stringMatching(/^63\/python3 +55 /),
      '… and 16 more groups with 20 sockets',
      '78 sockets in 18 groups; 55 shared by several of them count in each',
    ])
  })

  test('takes a filter, and tells it in JSON', () => {
    expect(document('-ant', 'sport', '<', '1024', '--group-by', 'state')).toMatchObject({
      groupBy: ['state'],
      filter: { expression: 'sport < 1024', unknownSockets: 0 },
    })
  })
})

describe('--summary', () => {
  test('counts rows, with the numbers of the machine under their own heading', () => {
    const { stdout } = fromZoo('--summary')
    expect(stdout).toMatch(/^Sockets of net:\[4026532179\], counted\n/)
    expect(stdout).toMatch(/^tcp +64 .* LISTEN 34, ESTABLISHED 17/m)
    expect(stdout).toMatch(/\n\nThe whole machine, all its network namespaces\nTCP sockets with memory: 78\n/)
  })

  test('the same in JSON, of what a filter selects', () => {
    const path = fixture('ss-filter/zoo.snap.json')
    const { stdout } = runBin('mynetstat', ['--summary', 'dst', '127.0.0.1', '--json', '--from', path])
    const { protocols, sockets } = JSON.parse(stdout) as { protocols: { protocol: string }[]; sockets: number }
    expect([sockets, protocols.map(({ protocol }) => protocol)]).toEqual([27, ['tcp', 'tcp6', 'udp']])
  })
})
