/**
 * /proc/PID/cmdline: arguments as byte strings, each ended by NUL. A process may have overwritten it with one text
 * (`nginx: master process …`) or blanked it; a kernel thread has none. Source: proc_pid_cmdline(5).
 */
export function parseCmdline(bytes: Buffer): string[] {
  if (bytes.length === 0) return []
  const text = bytes.toString('latin1')
  // A title written over the arguments leaves NULs or blanks behind it.
  const trimmed = text.replace(/\0+$/, '')
  return trimmed === '' ? [] : trimmed.split('\0')
}
