/** What to do where processes could not be read. */
export function unreadableRemedy({ isCapable, isRoot }: { isCapable: boolean; isRoot: boolean }): string {
  if (isCapable)
    return 'root cannot read them either: they have more capabilities, or a security module or another user namespace protects them'
  if (isRoot) return 'this root lacks CAP_SYS_PTRACE or CAP_DAC_READ_SEARCH: grant it both, or run it on the host'
  return 'run it with sudo'
}
