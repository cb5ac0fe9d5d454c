import type { SocketOwners } from '../../../processes/owner.ts'
import type { OwnerCandidate, PortForecast, TuplePressure } from '../../model.ts'
import type { ActiveGroup } from '../connections-by-opener.ts'
import { portForecast } from './forecast.ts'
import { PortClaims } from './port-claims.ts'
import { isBound } from './port-parity.ts'
import { surveyTuple, type PressureFacts, type TupleSurvey } from './tuple-survey.ts'

/**
 * Counts the local ports each tuple takes and decides how many connect() could still have, whether it has become slow, and
 * when the ports run out: from its rows and open sockets, the settings and the timing, and the ports that clients of other
 * tuples have bound.
 */
export function tuplePressures(groups: readonly ActiveGroup[], facts: PressureFacts): TuplePressure[] {
  const surveys = groups.map(group => surveyTuple(group, facts))
  const claimsOn = claimsOf(surveys)
  return surveys.map(survey => tuplePressure(survey, claimsOn(survey), facts))
}

/**
 * Ports that are taken for a tuple although none of its connections has them. connect() passes over every port that was
 * bound, on whatever address; bind() over every port its own address has in use. Source: __inet_hash_connect,
 * inet_bind_conflict.
 */
function claimsOf(surveys: readonly TupleSurvey[]): (survey: TupleSurvey) => PortClaims | undefined {
  const bound = surveys.filter(({ parity }) => isBound(parity))
  if (bound.length === 0) return () => undefined
  const byAnyone = claims(bound)
  const addresses = new Set(bound.map(({ group }) => group.localAddress))
  const onAddress = new Map(
    [...addresses].map(address => [address, claims(surveys.filter(({ group }) => group.localAddress === address))]),
  )
  return survey => (isBound(survey.parity) ? onAddress.get(survey.group.localAddress) : byAnyone)
}

function claims(surveys: readonly TupleSurvey[]): PortClaims {
  const made = new PortClaims()
  for (const { rowPorts, endsInTicks, openPorts, arrivals } of surveys) {
    rowPorts.forEach((port, at) => made.add(port, endsInTicks[at]!))
    for (const port of openPorts) made.add(port, Infinity)
    made.perS += arrivals.perS
  }
  return made
}

function tuplePressure(survey: TupleSurvey, claims: PortClaims | undefined, facts: PressureFacts): TuplePressure {
  const { group, rowPorts, openPorts, reusable } = survey
  const { capacity } = facts
  const others = claims?.without([...rowPorts, ...openPorts]) ?? { open: 0, freesInTicks: [] }
  const elsewhere = others.open + others.freesInTicks.length
  const used = rowPorts.length + openPorts.length + elsewhere
  const freesInTicks =
    elsewhere === 0 ? survey.freesInTicks : Uint32Array.from([...survey.freesInTicks, ...others.freesInTicks])
  const heldOpen = openPorts.length + others.open
  const blocked = freesInTicks.length + heldOpen
  // Its own are among the claims on its address.
  const ownPerS = isBound(survey.parity) ? survey.arrivals.perS : 0
  return {
    localAddress: group.localAddress,
    remoteAddress: group.remoteAddress,
    remotePort: group.remotePort,
    timeWait: group.timeWait,
    finWait2: group.finWait2,
    open: group.open.length,
    used,
    blocked,
    heldOpen,
    elsewhere,
    reusable,
    capacity: capacity?.ports,
    utilization: capacity === undefined ? undefined : capacity.ports === 0 ? 1 : blocked / capacity.ports,
    otherParity: survey.otherParity,
    parity: survey.parity,
    forecast: forecastOf(survey, { freesInTicks, heldOpen, othersPerS: (claims?.perS ?? 0) - ownPerS }, facts),
    candidates: ownerCandidates(group, facts.owners),
    traced: false,
  }
}

function forecastOf(
  { arrivals, reusable, reuseDelayS, filledPerS }: TupleSurvey,
  held: { freesInTicks: Uint32Array; heldOpen: number; othersPerS: number },
  { capacity, timing, userHz, settings }: PressureFacts,
): PortForecast | undefined {
  if (capacity === undefined || timing === undefined) return undefined
  return portForecast({
    freesInTicks: held.freesInTicks,
    ticksPerS: userHz,
    heldOpen: held.heldOpen,
    timeWaitAtMost: settings.maxTwBuckets ?? Infinity,
    capacity: capacity.ports,
    arrivalsPerS: arrivals.perS,
    load: arrivals.load,
    othersPerS: Math.max(0, held.othersPerS),
    filledPerS,
    holdS: reusable === true ? reuseDelayS : timing.lengthS + timing.granuleS / 2,
    longestHoldS: reusable === true ? reuseDelayS : timing.lengthS + timing.granuleS,
  })
}

function ownerCandidates(group: ActiveGroup, owners: SocketOwners): OwnerCandidate[] {
  const byPid = new Map<number, OwnerCandidate>()
  for (const socket of group.open)
    for (const owner of owners.get(socket.inode) ?? []) {
      const known = byPid.get(owner.pid)
      if (known === undefined) byPid.set(owner.pid, { ...owner, hits: 1 })
      else known.hits += 1
    }
  return [...byPid.values()].sort((a, b) => b.hits - a.hits)
}
