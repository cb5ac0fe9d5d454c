import { groupBy } from '../../../group-by.ts'
import { TCP_STATE } from '../../../kernel/tcp-state.ts'
import { STATE_CHANGES, accuse, endText } from '../../accuse.ts'
import type { Finding, Named } from '../../model.ts'
import type { Scene } from '../../scene.ts'
import { unique } from '../tcp.ts'

/** Connections that were tried so often without an answer, by one program to one place, before it gave up. */
const GIVEN_UP = 3

export function timeouts(scene: Scene): Finding[] {
  const waiting = scene.seen.namespaces.flatMap(namespace =>
    scene
      .look(namespace)
      .tcp.filter(({ state, retransmits }) => state === TCP_STATE.synSent && retransmits > 0)
      .flatMap(row =>
        scene
          .owners(row.inode)
          .filter(({ pid }) => !scene.isObserver(pid))
          .map(owner => ({
            pid: owner.pid,
            comm: owner.comm,
            address: row.remote,
            port: row.remotePort,
            netns: namespace.netns,
            count: 1,
            how: 'now',
            started: undefined,
          })),
      ),
  )
  const ended = (scene.seen.trace?.connects ?? [])
    .filter(({ error, pid }) => error !== 'ECONNREFUSED' && error !== 'ECONNRESET' && !scene.isObserver(pid))
    .map(connect => ({ ...connect, how: connect.error ?? 'given up', started: connect }))
  const groups = groupBy(
    [...waiting, ...ended],
    ({ comm, address, port, netns }) => `${comm}\n${address} ${port} ${netns}`,
  )
  return [...groups.values()].flatMap(tries => {
    const now = tries.filter(({ how }) => how === 'now')
    const past = tries.filter(({ how }) => how !== 'now').reduce((sum, { count }) => sum + count, 0)
    if (now.length === 0 && past < GIVEN_UP) return []
    const { address, port, comm, netns } = tries[0]!
    const listener = listenerAt(scene, address, port, netns)
    const place = endText(address, port)
    return [
      accuse('connect-timeout', 'critical', `gets no answer when it connects to ${place}`, {
        culprits: unique(tries.flatMap(one => scene.startedBy(one.pid, comm, one.started))),
        victims: listener,
        measures: [
          { what: 'connections whose first segment was sent again', value: now.length, source: 'net/tcp' },
          ...(past > 0 ? [{ what: 'given up or failed meanwhile', value: past, source: STATE_CHANGES }] : []),
        ],
        do: ['look whether a firewall drops it on the way, and whether the host is up'],
        not: ['tcp_syn_retries, longer timeouts: nobody answers'],
        more: `linsight bpf run tcplife`,
        reach: now.length + past,
      }),
    ]
  })
}

/** Who listens at an address of this machine; nobody where it is one of another. */
function listenerAt(scene: Scene, address: string, port: number, netns: string): Named[] {
  const isLoopback = address.startsWith('127.') || address === '::1'
  return scene.seen.namespaces
    .filter(namespace => !isLoopback || namespace.netns === netns)
    .flatMap(namespace => scene.look(namespace).tcp)
    .filter(({ state, localPort, local }) => state === TCP_STATE.listen && localPort === port && covers(local, address))
    .flatMap(({ inode }) => scene.owners(inode).map(({ pid }) => scene.named(pid)))
}

const covers = (bound: string, address: string) => bound === address || bound === '0.0.0.0' || bound === '::'
