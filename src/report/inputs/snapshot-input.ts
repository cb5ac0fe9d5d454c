import { answerDiagnose } from '../../diagnose/index.ts'
import { originOf } from '../../proc/origin.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import { recordedProc } from '../../proc/recorded-proc.ts'
import { snapshotText } from '../../proc/snapshot-format.ts'
import { recordFirewall, recordSnapshot, redactSnapshot } from '../../snapshot/index.ts'
import { libcToEnter } from '../../namespaces/libc-to-enter.ts'
import { prepareLooks } from '../../sockets/answer/index.ts'
import { usersOf, withDumps } from '../../sockets/index.ts'
import { answerTimeWait } from '../../time-wait/index.ts'
import { diagnosisFindings, statementFindings } from '../views/findings.ts'
import { peersOf } from '../views/peers.ts'
import { timeWaitView } from '../views/time-wait.ts'
import { grouped } from '../views/grouped.ts'
import type { InputParts } from './parts.ts'

/** What a recording of /proc adds, or one that is made of this machine now. */
export async function readSnapshotInput(opened: ProcSource, name: string, redact: boolean): Promise<InputParts> {
  const asked = await withDumps(opened)
  const users = asked.isThisMachine ? usersOf(asked) : undefined
  const recording = recordSnapshot(asked, { users, libc: await libcToEnter(asked) })
  await recordFirewall(asked, recording.entries)
  const { meta, entries } = redact ? redactSnapshot(recording.meta, recording.entries) : recording
  // From here on nothing is read but what the page will carry.
  const source = recordedProc('snapshot', name, meta, entries)
  const origin = originOf(source)
  const looks = await prepareLooks(source, { peers: true })
  const report = looks.look()
  const warnings = await looks.complete(report)
  const sockets = [...looks.document(origin, report).lists!.sockets]
  const timeWait = await answerTimeWait(source, {})
  const { facts, lists } = timeWait.document(origin)
  const { document } = await answerDiagnose(source, {})
  const diagnosis = document({ source: name }).facts
  const { host, takenAt } = meta
  const view = timeWaitView({ ...facts, ...lists!, host, takenAt, source: name, unreadable: {} } as never)
  return {
    input: {
      name,
      kind: 'snapshot',
      host,
      takenAt,
      about: `${grouped(sockets.length)} sockets, ${grouped(recording.processes)} processes`,
    },
    findings: [...diagnosisFindings(diagnosis, host), ...statementFindings(facts.advice, 'tw-stats', host)],
    notLooked: diagnosis.notLooked,
    timeWait: view === undefined ? [] : [view],
    peers: peersOf(sockets),
    sockets,
    warnings: [...warnings, ...timeWait.warnings],
    recording: { kind: 'snapshot', bytes: snapshotText(meta, entries) },
  }
}
