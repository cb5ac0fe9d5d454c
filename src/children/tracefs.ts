/** Where tracefs is mounted, in the order tools look for it; the second is the place before Linux 4.1. */
export const TRACEFS_FOLDERS = ['/sys/kernel/tracing', '/sys/kernel/debug/tracing'] as const

/** The command that mounts it. */
export const MOUNT_TRACEFS = `mount -t tracefs tracefs ${TRACEFS_FOLDERS[0]}`
