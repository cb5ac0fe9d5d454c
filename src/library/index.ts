// The package: import { open } from 'linsight'.
export { InputError, LinsightError, MachineError, ToolError, UsageError, type ErrorCode } from '../errors.ts'
export { open, type OpenOptions } from './open.ts'
export type { Abortable, Machine } from './machine.ts'
export type * from './types.ts'
