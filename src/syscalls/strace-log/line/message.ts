/**
 * Whether a line is a message of strace's own: attached, detached, the mode of a process, a warning.
 *
 * Source: strace 4.5 to 7.2, every `error_msg`. `strace: ` is the name it was started by, absent before 4.9; `^C` of
 * the terminal may stand before it. One line: `strace: Process 25082 attached`.
 */
export function isStraceMessage(line: string): boolean {
  return MESSAGE.test(line)
}

const MESSAGE = /^\s*(?:\^C)*(?:[\w./-]*strace[\w.-]*: .*|(?:\[ )?Process \d.*|Try '\S*strace -h' .*)?$/
