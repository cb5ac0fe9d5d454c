// What other subjects use of profiles of system calls.
export { bucketsOf, percentiles } from './latency-histogram.ts'
export { syscallLabel, type FileStats, type SyscallProfile, type SyscallStats } from './profile.ts'
export { parseProfileJson } from './formats/saved-profile.ts'
export { readSyscallProfile } from './read-profile.ts'
export { findings } from './rules/findings.ts'
export { profileDocument } from './show/document.ts'
export { foldedProfile } from './show/folded.ts'
export { profileRemarks } from './show/remarks.ts'
