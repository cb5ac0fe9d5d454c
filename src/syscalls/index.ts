// What other subjects use of system calls.
export { findings } from './rules/findings.ts'
export type { FileStats, SyscallProfile, SyscallStats } from './profile.ts'
