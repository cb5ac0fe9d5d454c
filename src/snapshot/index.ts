// What other subjects use of snapshots.
export { recordSnapshot } from './record.ts'
export { recordFirewall } from './record-firewall.ts'
export { namesOf, redactEntries, type Recorded } from './redact/redact.ts'
