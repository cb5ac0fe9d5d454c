/** Inode of the first pid namespace. Source: Linux include/linux/proc_ns.h, PROC_PID_INIT_INO. */
const INITIAL = 'pid:[4026531836]'

/** Whether the link /proc/PID/ns/pid is that of the machine's first pid namespace. */
export function isInitialPidNamespace(link: string): boolean {
  return link === INITIAL
}
