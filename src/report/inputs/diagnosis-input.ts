import { counted } from '../../terminal/units.ts'
import { answerDiagnose, observationText, type Observation } from '../../diagnose/index.ts'
import { diagnosisFindings } from '../views/findings.ts'
import type { InputParts } from './parts.ts'

/** What a recorded diagnosis adds: what it found. */
export async function diagnosisInput(seen: Observation, name: string): Promise<InputParts> {
  const { document } = await answerDiagnose(seen, {})
  const { facts } = document({ source: name })
  const { processes, namespaces } = facts.looked
  return {
    input: {
      name,
      kind: 'diagnosis',
      host: seen.host,
      takenAt: seen.takenAt,
      about: `${Math.round(facts.durationMs / 1000)} s of ${counted(processes, 'process', 'es')} in ${counted(namespaces, 'network namespace')}`,
    },
    findings: diagnosisFindings(facts, seen.host),
    notLooked: facts.notLooked,
    recording: { kind: 'diagnosis', bytes: observationText(seen) },
  }
}
