/**
 * The soft limit on open files, from /proc/PID/limits. Source: proc_pid_limits(5). One line:
 * `Max open files            1024                 1048576              files     `. Undefined where the text does not
 * hold it; Infinity for `unlimited`.
 */
export function parseOpenFilesLimit(bytes: Buffer): number | undefined {
  const text = /^Max open files +(\d+|unlimited)\b/m.exec(bytes.toString('latin1'))?.[1]
  return text === undefined ? undefined : text === 'unlimited' ? Infinity : Number(text)
}
