import { describe, expect, test } from 'vitest'
import { CloseTracker, type TracedProcess } from './close-tracker.ts'
import type { SockStateEvent } from './sock-state-event.ts'

const OURS = 'net:[1]'

/** Follows events given as `second pid local>remote old new`; a negative pid is gone and has no namespace any more. */
function follow(lines: string[], facts: Partial<Parameters<CloseTracker['result']>[0]> = {}) {
  const tracker = new CloseTracker()
  const processOf = ({ tid }: SockStateEvent): TracedProcess => ({
    pid: Math.abs(tid),
    program: `p${Math.abs(tid)}`,
    netns: tid < 0 ? undefined : tid >= 900 ? 'net:[2]' : OURS,
  })
  for (const line of lines) {
    const [at, tid, ends = '', oldState = '', newState = ''] = line.split(' ')
    const [localPort, remotePort] = ends.split('>').map(Number)
    tracker.add(
      {
        tid: Number(tid),
        pid: undefined,
        comm: '',
        atS: Number(at),
        localAddress: '10.0.0.1',
        localPort: localPort!,
        remoteAddress: '10.0.0.2',
        remotePort: remotePort!,
        oldState,
        newState,
      },
      processOf,
    )
  }
  return tracker.result({
    fromS: 0,
    toS: 10,
    netns: OURS,
    isInTables: () => true,
    listens: () => false,
    counted: { timeWait: 1, overflowed: 0 },
    lostEvents: 0,
    ...facts,
  })
}

describe('CloseTracker', () => {
  test('the name of a thread stays one', () => {
    const event = { tid: 8, pid: 7, comm: 'worker', atS: 1, localAddress: '10.0.0.1', remoteAddress: '10.0.0.2' }
    const tracker = new CloseTracker()
    const process: TracedProcess = { pid: 7, program: 'worker', isThreadName: true, netns: OURS }
    for (const [oldState, newState] of [
      ['ESTABLISHED', 'FIN_WAIT1'],
      ['FIN_WAIT2', 'CLOSE'],
    ])
      tracker.add(
        { ...event, localPort: 40000, remotePort: 80, oldState: oldState!, newState: newState! },
        () => process,
      )
    const { connections, closers } = tracker.result({
      fromS: 0,
      toS: 10,
      netns: OURS,
      isInTables: () => true,
      listens: () => false,
      counted: undefined,
      lostEvents: 0,
    })
    expect(connections[0]!.closer).toEqual({ pid: 7, program: 'worker', isThreadName: true })
    expect(closers[0]!.process).toMatchObject({ program: 'worker', isThreadName: true })
  })

  test('names who closed first, not who ran when the TIME_WAIT began', () => {
    const who = follow([
      '1 7 40000>80 SYN_SENT ESTABLISHED',
      '2 7 40000>80 ESTABLISHED FIN_WAIT1',
      '3 55 40000>80 FIN_WAIT2 CLOSE',
    ])
    expect(who.connections).toEqual([
      {
        localAddress: '10.0.0.1',
        localPort: 40000,
        remoteAddress: '10.0.0.2',
        remotePort: 80,
        role: 'client',
        closer: { pid: 7, program: 'p7' },
      },
    ])
    expect(who).toMatchObject({ explained: 1, closers: [{ role: 'client', address: '10.0.0.2', port: 80, count: 1 }] })
  })

  test('a server is one whose port is listened on', () => {
    const who = follow(['2 7 80>40000 ESTABLISHED FIN_WAIT1', '3 55 80>40000 FIN_WAIT2 CLOSE'], {
      listens: (_, port) => port === 80,
    })
    expect(who.closers).toMatchObject([{ role: 'server', address: '10.0.0.1', port: 80 }])
  })

  test('both sides closing at once (CLOSING) ends in TIME_WAIT too', () => {
    expect(follow(['2 7 40000>80 ESTABLISHED FIN_WAIT1', '3 55 40000>80 CLOSING CLOSE']).explained).toBe(1)
  })

  test('a close before tracing began has no name, and nobody gets the blame', () => {
    const who = follow(['3 55 40000>80 FIN_WAIT2 CLOSE'])
    expect(who).toMatchObject({ explained: 0, connections: [{ closer: undefined, role: 'unknown' }] })
  })

  test('a port that comes again is another connection', () => {
    const who = follow([
      '1 7 40000>80 ESTABLISHED FIN_WAIT1',
      '2 55 40000>80 FIN_WAIT2 CLOSE',
      '3 8 40000>80 ESTABLISHED FIN_WAIT1',
      '4 55 40000>80 FIN_WAIT2 CLOSE',
    ])
    expect(who.connections.map(connection => connection.closer?.pid)).toEqual([7, 8])
  })

  test('only what falls between the two reads of the counters is compared with them', () => {
    const events = [0.5, 5, 9.5].flatMap((at, i) => [
      `${at} 7 ${40000 + i}>80 ESTABLISHED FIN_WAIT1`,
      `${at} 7 ${40000 + i}>80 FIN_WAIT2 CLOSE`,
    ])
    expect(follow(events, { fromS: 1, toS: 9 })).toMatchObject({ explained: 1, tracedS: 8 })
  })

  test('other namespaces are left out; a closer that is gone is judged by our table', () => {
    const events = ['2 901 40000>80 ESTABLISHED FIN_WAIT1', '3 1 40000>80 FIN_WAIT2 CLOSE']
    expect(follow(events)).toMatchObject({ connections: [], foreign: 1 })
    const gone = ['2 -8 40000>80 ESTABLISHED FIN_WAIT1', '3 1 40000>80 FIN_WAIT2 CLOSE']
    expect(follow(gone, { isInTables: () => true })).toMatchObject({ explained: 1, foreign: 0 })
    expect(follow(gone, { isInTables: () => false })).toMatchObject({ explained: 0, foreign: 1 })
  })

  test('connects without a free port are counted by process and destination', () => {
    const who = follow([
      '1 7 0>80 SYN_SENT CLOSE',
      '2 7 0>80 SYN_SENT CLOSE',
      '3 8 0>80 SYN_SENT CLOSE',
      '4 901 0>80 SYN_SENT CLOSE',
    ])
    expect(who.refused).toEqual([
      { process: { pid: 7, program: 'p7' }, remoteAddress: '10.0.0.2', remotePort: 80, count: 2 },
      { process: { pid: 8, program: 'p8' }, remoteAddress: '10.0.0.2', remotePort: 80, count: 1 },
    ])
  })
})
