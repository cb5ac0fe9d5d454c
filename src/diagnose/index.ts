// What other subjects use of diagnoses.
export * from './answer/answer-diagnose.ts'
export { isObservation, observationText, parseObservation } from './recording.ts'
export { redactObservation } from './redact-observation.ts'
export { observationAt } from './read-recording.ts'
export type { Cause } from './causes.ts'
export type { Observation } from './observation.ts'
export type { DiagnoseDocument, FindingJson } from './show/document.ts'
