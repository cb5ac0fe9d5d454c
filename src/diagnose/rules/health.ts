import type { ProcessName } from '../../processes/process-facts.ts'
import { checkHealth, HEALTH_RULES } from '../../sockets/index.ts'
import type { HealthCode, HealthFinding } from '../../sockets/model.ts'
import { statement } from '../../statement.ts'
import { over } from '../accuse.ts'
import type { Family } from '../causes.ts'
import type { Finding, Named, Rule } from '../model.ts'
import type { Scene } from '../scene.ts'
import { THRESHOLDS } from '../thresholds.ts'
import { healthLooks } from './health/looks.ts'

interface Told {
  family: Family
  needs?: ['root']
  /** What those who suffer see. */
  suffering?: string
  /** A command that shows more; `PID` stands for the culprit. */
  more?: string
}

/** What a diagnosis says beside what `mynetstat --health` says. */
const TOLD: Readonly<Record<HealthCode, Told>> = {
  'accept-queue-full': {
    family: 'ports',
    suffering: 'their connections hang or time out',
    more: 'linsight bpf run offcputime --pid PID',
  },
  'accept-queue-not-served': {
    family: 'ports',
    suffering: 'their connections hang',
    more: 'linsight bpf run offcputime --pid PID',
  },
  'reuseport-member-stuck': { family: 'ports', more: 'linsight bpf run offcputime --pid PID' },
  'syn-backlog': { family: 'ports', more: 'mynetstat -ant state syn-recv' },
  'listener-shadowed': {
    family: 'ports',
    needs: ['root'],
    suffering: 'it listens on every address and gets none of these',
    more: 'mynetstat -ntlp',
  },
  'deleted-executable': { family: 'process', needs: ['root'], more: 'mynetstat -ntlp' },
  'connect-timeout': { family: 'tcp', more: 'linsight bpf run tcplife' },
  'reader-stuck': {
    family: 'tcp',
    suffering: 'it cannot send any more',
    more: 'linsight bpf run offcputime --pid PID',
  },
  'peer-zero-window': { family: 'tcp', suffering: 'it cannot send any more', more: 'mynetstat -antpo' },
  'close-wait-leak': { family: 'tcp', more: 'mynetstat -antp state close-wait' },
  'fin-wait2-pile': { family: 'tcp', suffering: 'it keeps them half closed', more: 'mynetstat -antp state fin-wait-2' },
  retransmits: { family: 'tcp', more: 'linsight bpf run tcpretrans' },
  'udp-receive-drops': { family: 'tcp', more: 'mynetstat -anup' },
  'tcp-orphans': { family: 'tcp', more: 'mynetstat -ant state fin-wait-1' },
  'tcp-memory': { family: 'tcp', more: 'mynetstat -antp' },
}

/** The rules of `mynetstat --health`, each for its cause. */
export const SOCKET_RULES: readonly Rule<Scene>[] = HEALTH_RULES.map(({ code, needsTwoLooks, thresholds, why }) => ({
  cause: code,
  family: TOLD[code].family,
  looks: needsTwoLooks ? 2 : 1,
  needs: TOLD[code].needs ?? [],
  thresholds,
  why,
  find: scene => healthOf(scene).flatMap(found => (found.code === code ? [findingOf(scene, found)] : [])),
}))

/** Every rule is asked for its own findings; they are made once. */
const made = new WeakMap<Scene, readonly HealthFinding[]>()

function healthOf(scene: Scene): readonly HealthFinding[] {
  const known = made.get(scene)
  if (known !== undefined) return known
  const { now, before } = healthLooks(scene)
  const { findings } = checkHealth(now, before)
  made.set(scene, findings)
  return findings
}

function findingOf(scene: Scene, found: HealthFinding): Finding {
  const { code, severity, says, evidence, doing, measured, reach } = found
  const named = (list: readonly ProcessName[]): Named[] =>
    list.filter(({ pid }) => !scene.isObserver(pid)).map(({ pid, program }) => scene.named(pid, program))
  const culprits = named(found.culprits)
  const pid = culprits[0]?.pid
  const { suffering, more } = TOLD[code]
  return {
    ...statement(code, severity, says, {
      culprit: culprits[0],
      evidence: evidence.filter(text => text !== doing),
      do: found.do,
      not: found.not,
    }),
    cause: code,
    culprits,
    victims: named(found.victims),
    towards: named(found.towards),
    suffering,
    measures: measured.map(({ threshold, value, source }) =>
      over(threshold, THRESHOLDS[threshold].unit, value, source),
    ),
    doing: pid === undefined ? undefined : scene.doing(pid),
    more: more?.includes('PID') && pid === undefined ? undefined : more?.replace('PID', String(pid)),
    reach,
    consequences: [],
  }
}
