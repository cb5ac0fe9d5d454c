import { groupBy } from '../../../../group-by.ts'
import { isUnspecifiedIp } from '../../../../kernel/ip-address.ts'
import { TCP_STATE } from '../../../../kernel/tcp-state.ts'
import type { HealthFacts } from '../../facts.ts'
import { local, ownersOf, servicePlace, who } from '../../health-words.ts'
import type { InetSocket } from '../../look.ts'
import { finding, type HealthRule } from '../../rule.ts'

/** One program listens on every address, another one on a single address of the same port and gets what comes there. */
export const listenerShadowed: HealthRule = {
  code: 'listener-shadowed',
  why: 'Two programs listen on one port, one on every address and one on a single address: the kernel gives connections to the more specific one.',
  thresholds: [],
  check(facts) {
    const byPort = groupBy(facts.inState(TCP_STATE.listen), ({ row }) => row.localPort)
    return [...byPort.values()].flatMap(listeners => {
      const [any, one] = [listeners.filter(isOnAny), listeners.filter(listener => !isOnAny(listener))]
      return one.flatMap(specific => {
        const shadowed = any.find(
          wildcard => takesSameConnections(wildcard, specific) && areDifferentPrograms(wildcard, specific, facts),
        )
        return shadowed === undefined ? [] : [report(specific, shadowed)]
      })
    })
  },
}

const isOnAny = ({ row }: InetSocket) => isUnspecifiedIp(row.localAddress)

/** An IPv6 listener on `::` may take IPv4, too, where it is known to. */
function takesSameConnections({ row: any, dualStack }: InetSocket, { row: one }: InetSocket): boolean {
  return any.table === one.table || (any.table === 'tcp6' && dualStack?.dual === true)
}

function areDifferentPrograms(a: InetSocket, b: InetSocket, { now: { processes } }: HealthFacts): boolean {
  const programOf = (socket: InetSocket) => {
    const owners = ownersOf(socket)
    return new Set(owners.map(({ pid, program }) => executableOf(processes.get(pid)?.exe?.path) ?? program))
  }
  const [first, second] = [programOf(a), programOf(b)]
  // A process that holds both has asked for both.
  return first.size > 0 && second.size > 0 && ![...first].some(program => second.has(program))
}

/** Runs programs of others: what it is called tells more. */
const INTERPRETER = /\/(?:python|node|ruby|perl|php|java|bash|dash|sh|lua|deno|bun|busybox)[\d.]*$/

const executableOf = (path: string | undefined) => (path !== undefined && INTERPRETER.test(path) ? undefined : path)

function report(specific: InetSocket, shadowed: InetSocket) {
  const loser = who([shadowed], 'another')
  return finding(
    'listener-shadowed',
    'warning',
    `takes the connections to ${local(specific)} from ${loser}, which listens on ${servicePlace(shadowed)}`,
    {
      of: [specific],
      otherwise: 'a program',
      victims: [shadowed],
      evidence: [
        `${local(specific)} of ${who([specific], 'a program')} and ${local(shadowed)} of ${loser}: the kernel prefers the more specific address`,
      ],
      do: ['end the one that is not meant, or give it another port'],
      not: ['restarting the other one: it keeps losing that address'],
    },
  )
}
