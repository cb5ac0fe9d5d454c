// What other subjects use of diagnoses.
export * from './answer/answer-diagnose.ts'
export { isObservation, parseObservation } from './recording.ts'
export { observationAt } from './read-recording.ts'
export type { Observation } from './observation.ts'
export type { DiagnoseDocument, FindingJson } from './show/document.ts'
