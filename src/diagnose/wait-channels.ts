/**
 * Wait channels that say what a task waits for. Names change between kernels (`pipe_write` → `anon_pipe_write`), so each
 * is a pattern. Source: /proc/PID/wchan of the kernels 4.19 to 6.18.
 */
export const WAITS = {
  pipe: /pipe_write|pipe_wait_writable/,
  unixPeer: /^(?:unix_wait_for_peer|sock_alloc_send_pskb|unix_stream_sendmsg|unix_dgram_sendmsg)/,
  fuse: /^(?:request_wait_answer|fuse_)/,
  lookup: /^d_alloc_parallel/,
  frozen: /refrigerator|^do_freezer_trap|freezer/,
  frozenFilesystem: /percpu_rwsem_wait|percpu_down_read|sb_start_write|thaw/,
  fileLock: /locks_lock_inode_wait|posix_lock_inode_wait|flock_lock_inode_wait|fcntl_setlk/,
} as const

export type Wait = keyof typeof WAITS

/** Whether a task that sleeps here may wait for another one that does not come. */
export const mayHang = (channel: string | undefined): boolean =>
  channel !== undefined && Object.values(WAITS).some(pattern => pattern.test(channel))
