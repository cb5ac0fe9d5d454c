import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { fixture } from '../../../test/support/paths.ts'
import { TCP_STATE } from '../../kernel/tcp-state.ts'
import { checkHealth } from '../../sockets/index.ts'
import type { Observation } from '../observation.ts'
import type { TcpLook } from '../observed/sockets.ts'
import { parseObservation } from '../recording.ts'
import { Scene } from '../scene.ts'
import { SOCKET_RULES } from './health.ts'
import { healthLooks } from './health/looks.ts'

const read = (name: string) => parseObservation(readFileSync(fixture(`diagnose/${name}.diag.json`), 'utf8'), name)

const found = (seen: Observation) => {
  const scene = new Scene(seen)
  return SOCKET_RULES.flatMap(rule => rule.find(scene))
}

describe.each([
  'accept-queue-full',
  'reuseport-stuck',
  'close-wait-leak',
  'stuck-reader',
  'retransmits',
  'deleted-exe',
])('%s: what mynetstat --health says of the same looks', name => {
  const scene = new Scene(read(name))
  const { now, before } = healthLooks(scene)
  const { findings } = checkHealth(now, before)

  test('is what is said, with the same words and numbers', () => {
    expect(findings).not.toEqual([])
    const told = new Map(found(read(name)).map(finding => [`${finding.cause} ${finding.finding}`, finding]))
    for (const { code, says, severity, evidence, doing, do: todo, not } of findings) {
      const finding = told.get(`${code} ${says}`)!
      expect(finding).toMatchObject({ severity, do: todo, not })
      expect(finding.evidence).toEqual(evidence.filter(text => text !== doing))
    }
  })
})

const listener = (fields: Partial<TcpLook> = {}): TcpLook => ({
  local: '127.0.0.1',
  localPort: 8123,
  remote: '0.0.0.0',
  remotePort: 0,
  state: TCP_STATE.listen,
  rxQueue: 3,
  txQueue: 0,
  timer: 0,
  retransmits: 0,
  inode: '900001',
  uid: 0,
  ...fields,
})

/** An idle machine on which a program has a listener. */
function waiting(fields: Partial<TcpLook> = {}): Observation {
  const seen = read('h-idle')
  const [place] = seen.namespaces
  const program = seen.processes.find(({ isKernelThread, pid }) => !isKernelThread && !seen.observers.includes(pid))
  place!.a.tcp = [listener(fields)]
  place!.b!.tcp = [listener(fields)]
  seen.socketOwners['900001'] = [{ pid: program!.pid, fd: 4 }]
  seen.trace!.accepts = []
  return seen
}

const causes = (seen: Observation) => found(seen).map(({ cause }) => cause)

test('a queue in which connections wait and of which none was accepted', () => {
  expect(causes(waiting())).toEqual(['accept-queue-not-served'])
})

test.each<[string, (seen: Observation) => void]>([
  [
    'somebody accepts',
    seen => {
      seen.trace!.accepts = [{ pid: seen.socketOwners['900001']![0]!.pid, fd: 4, count: 1 }]
    },
  ],
  ['it was empty before', seen => (seen.namespaces[0]!.a.tcp[0]!.rxQueue = 0)],
  ['it is ours', seen => (seen.observers = seen.socketOwners['900001']!.map(({ pid }) => pid))],
])('silent: %s', (_, change) => {
  const seen = waiting()
  change(seen)
  expect(causes(seen)).toEqual([])
})

test('the limit that the kernel told makes a full queue of it', () => {
  expect(causes(waiting({ limit: 2 }))).toEqual(['accept-queue-full'])
  expect(causes(waiting({ limit: 3 }))).toEqual(['accept-queue-not-served'])
})

test('totals of the machine are looked at once, beside its first namespace', () => {
  const seen = read('h-idle')
  seen.machine[1].tcp = { orphans: 900, mostOrphans: 1000, memoryPages: 1, memoryLimits: [10, 20] }
  expect(causes(seen)).toEqual(['tcp-orphans'])
  seen.machine[1].tcp = { orphans: 1, mostOrphans: 1000, memoryPages: 15, memoryLimits: [10, 20] }
  expect(causes(seen)).toEqual(['tcp-memory'])
  seen.machine[1].tcp = { orphans: 1, mostOrphans: 1000, memoryPages: 9, memoryLimits: [10, 20] }
  expect(causes(seen)).toEqual([])
})
