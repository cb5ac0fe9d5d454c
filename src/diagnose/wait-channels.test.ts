import { expect, test } from 'vitest'
import { mayHang, WAITS } from './wait-channels.ts'

test.each([
  ['pipe_write', 'pipe'],
  ['anon_pipe_write', 'pipe'],
  ['unix_wait_for_peer', 'unixPeer'],
  ['sock_alloc_send_pskb', 'unixPeer'],
  ['request_wait_answer', 'fuse'],
  ['d_alloc_parallel', 'lookup'],
  ['__refrigerator', 'frozen'],
  ['do_freezer_trap', 'frozen'],
  ['percpu_rwsem_wait', 'frozenFilesystem'],
] as const)('%s waits for another task: %s', (channel, wait) => {
  expect(mayHang(channel)).toBe(true)
  expect(WAITS[wait].test(channel)).toBe(true)
})

test.each(['pipe_read', 'ep_poll', 'hrtimer_nanosleep', 'futex_do_wait', 'inet_csk_accept', undefined])(
  'in %s nothing is wrong',
  channel => expect(mayHang(channel)).toBe(false),
)
