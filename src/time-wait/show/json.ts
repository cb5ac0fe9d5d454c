import type { SocketHolder } from '../../processes/owner.ts'
import type { Advice, TuplePressure } from '../model.ts'
import type { TimeWaitView } from '../rules/view.ts'
import type { WhoClosed } from '../who/who-closed.ts'
import { escapeBytes } from '../../terminal/escape.ts'
import { proof } from './who-closed-text.ts'

/** A view as JSON: `lists` may be long, `tail` is not. `top` cuts the lists of rows where it was asked for. */
export function timeWaitJson(
  { report, by, groups, who, whatIf }: TimeWaitView,
  top = Infinity,
): { lists: Record<string, unknown[]>; tail: Record<string, unknown> } {
  const { verdict, tuples, ports, halfClosed, advice, ...rest } = report
  return {
    lists: {
      tuples: tuples.slice(0, top).map(tupleJson),
      ports: ports.slice(0, top).map(port => ({ ...port, owners: port.owners.map(holderJson) })),
      ...(by !== 'tuple' && {
        groups: groups.slice(0, top).map(group => ({ by, ...group, key: escapeBytes(group.key) })),
      }),
      ...(who && {
        closedConnections: who.connections.map(({ closer, ...ends }) => ({
          ...ends,
          ...(closer && holderJson(closer)),
        })),
      }),
    },
    tail: {
      verdict: { level: verdict.level, sentence: escapeBytes(verdict.sentence) },
      ...rest,
      halfClosed: halfClosed.map(group => ({ ...group, holders: group.holders.map(holderJson) })),
      advice: advice.map(adviceJson),
      who: who && whoJson(who),
      whatIf: whatIf && { asked: whatIf.asked, tuples: whatIf.tuples.slice(0, top).map(tupleJson) },
    },
  }
}

function tupleJson(tuple: TuplePressure): TuplePressure {
  return { ...tuple, candidates: tuple.candidates.map(holderJson) }
}

function whoJson(who: WhoClosed): Record<string, unknown> {
  const { connections: _, closers, refused, ...rest } = who
  return {
    ...rest,
    proof: proof(who),
    closers: closers.map(({ holder, ...closer }) => ({ ...(holder && holderJson(holder)), ...closer })),
    refused: refused.map(({ holder, ...refusal }) => ({ ...holderJson(holder), ...refusal })),
  }
}

function adviceJson({ finding, evidence, ...rest }: Advice): Record<string, unknown> {
  return { ...rest, finding: escapeBytes(finding), evidence: escapeBytes(evidence) }
}

function holderJson<Holder extends SocketHolder>(holder: Holder): Holder {
  return { ...holder, program: escapeBytes(holder.program) }
}
