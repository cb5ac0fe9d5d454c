/** Signals 1 to 31. Source: signal(7), x86 and arm. */
const NAMES =
  'HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS'.split(
    ' ',
  )

/** `9` → `SIGKILL`, `34` → `SIGRTMIN`, `36` → `SIGRTMIN+2`. */
export function signalName(signal: number): string {
  const name = NAMES[signal - 1]
  if (name !== undefined) return `SIG${name}`
  if (signal === 34) return 'SIGRTMIN'
  return signal > 34 && signal <= 64 ? `SIGRTMIN+${signal - 34}` : String(signal)
}
