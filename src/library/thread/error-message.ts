import { ERRORS, InputError, LinsightError, MachineError, ToolError, UsageError, type ErrorCode } from '../../errors.ts'
import type { ErrorMessage } from './protocol.ts'

/** An error as a message. */
export function errorMessage(error: unknown): ErrorMessage {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) }
  const { name, message, stack } = error
  if (!(error instanceof LinsightError)) return { name, message, stack }
  const { code, hint, excerpt } = error
  return { name, message, code, hint, excerpt }
}

/** The error of a message, of the class that its code is of; what is no error of ours is a bug. */
export function errorOf({ name, message, code = 'unexpected', hint, excerpt, stack }: ErrorMessage): LinsightError {
  const facts = { hint, excerpt }
  if (code === 'unexpected')
    return new LinsightError('unexpected', `${name}: ${message}`, { ...facts, cause: stack ?? message })
  switch (ERRORS[code].exit) {
    case 'usage':
      return new UsageError(message, facts)
    case 'machine':
      return new MachineError(code as Of<MachineError>, message, facts)
    case 'input':
      return new InputError(code as Of<InputError>, message, facts)
    default:
      return new ToolError(message, facts)
  }
}

type Of<Kind> = Kind extends LinsightError<infer Code extends ErrorCode> ? Code : never
