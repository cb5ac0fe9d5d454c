import { answerDiagnose } from '../../diagnose/index.ts'
import { originOf } from '../../proc/origin.ts'
import { processNames } from '../../processes/socket-owners.ts'
import { recordedProc } from '../../proc/recorded-proc.ts'
import { snapshotText } from '../../proc/snapshot-format.ts'
import type { Recorded } from '../../snapshot/index.ts'
import { prepareLooks } from '../../sockets/answer/index.ts'
import { answerTimeWait } from '../../time-wait/index.ts'
import { diagnosisFindings, statementFindings } from '../views/findings.ts'
import { peersOf } from '../views/peers.ts'
import { timeWaitView } from '../views/time-wait.ts'
import { grouped } from '../views/grouped.ts'
import type { InputParts } from './parts.ts'

/** What a recording of /proc adds. */
export async function snapshotInput({ meta, entries }: Recorded, name: string): Promise<InputParts> {
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
      about: `${grouped(sockets.length)} sockets, ${grouped(processNames(source).length)} processes`,
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
