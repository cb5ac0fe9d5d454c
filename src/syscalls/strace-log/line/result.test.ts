import { describe, expect, test } from 'vitest'
import { ByteInterner } from '../fast/byte-interner.ts'
import { EVENT, RESULT } from './event.ts'
import { MAX_NAMES, StraceLine } from './line.ts'
import { skipDecoration, skipString } from './result.ts'

function resultOf(text: string) {
  const line = new StraceLine(new ByteInterner(MAX_NAMES))
  const bytes = Buffer.from(text, 'latin1')
  line.scan(bytes, 0, bytes.length)
  const isError = line.result === RESULT.error || line.result === RESULT.restart
  return {
    event: line.event,
    result: line.result,
    value: line.value,
    args: bytes.toString('latin1', line.argsFrom, line.argsTo),
    errno: isError ? bytes.toString('latin1', line.errnoFrom, line.errnoTo) : undefined,
    descriptor:
      line.descriptorFrom === -1 ? undefined : bytes.toString('latin1', line.descriptorFrom, line.descriptorTo),
  }
}

const VALUE = { event: EVENT.call, result: RESULT.value, errno: undefined, descriptor: undefined }

describe('how a call ends', () => {
  test.each([
    ['read(3, "x", 9) = 16', { ...VALUE, value: 16, args: '3, "x", 9' }],
    ['close(3)      = 0', { ...VALUE, value: 0, args: '3' }],
    ['mmap(NULL) = 0x7f00', { ...VALUE, value: 0x7f00, args: 'NULL' }],
    ['umask(022) = 022', { ...VALUE, value: 0o22, args: '022' }],
    ['lseek(3) = -7', { ...VALUE, value: -7, args: '3' }],
    ['open("/a") = 3</a) = 3 \\74x\\76>', { ...VALUE, value: 3, args: '"/a"', descriptor: '/a) = 3 \\74x\\76' }],
    ['poll([{fd=3}]) = 1 ([{fd=3, revents=POLLIN}])', { ...VALUE, value: 1, args: '[{fd=3}]' }],
    ['write(3, ") = 5") = 5', { ...VALUE, value: 5, args: '3, ") = 5"' }],
    [
      'wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 0}]) = 4 (x)',
      { ...VALUE, value: 4, args: '-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 0}]' },
    ],
    [
      'close(3) = -1 EBADF (Bad file descriptor)',
      { ...VALUE, result: RESULT.error, value: -1, args: '3', errno: 'EBADF' },
    ],
    ['x() = -1 (errno 38)', { ...VALUE, result: RESULT.error, value: -1, args: '', errno: 'errno 38' }],
    [
      'read(3) = ? ERESTARTSYS (To be restarted)',
      { ...VALUE, result: RESULT.restart, value: -1, args: '3', errno: 'ERESTARTSYS' },
    ],
    ['exit(0) = ?', { ...VALUE, result: RESULT.never, value: 0, args: '0' }],
    ['<... read resumed>"x", 9) = 4', { ...VALUE, event: EVENT.resumed, value: 4, args: '"x", 9' }],
  ])('%s', (text, expected) => {
    expect(resultOf(text)).toEqual(expected)
  })

  test.each([
    ['read(3,  <unfinished ...>', EVENT.unfinished],
    ['read(3,  <detached ...>', EVENT.unfinished],
    ['execve("/bin/true" <pid changed to 12127 ...>', EVENT.pidChanged],
    ['<... read resumed> <unfinished ...>', EVENT.hiddenResult],
    ['read(3, "x", 9)', EVENT.broken],
    ['read(3, "x", 9) = x', EVENT.broken],
    ['+++ exited with 0 +++', EVENT.end],
    ['--- SIGCHLD {si_signo=SIGCHLD} ---', EVENT.signal],
    [' > /lib/libc.so.6(read+0x1) [0x2]', EVENT.continuation],
    ['read 3 = 4', EVENT.none],
  ])('%s', (text, event) => {
    expect(resultOf(text).event).toBe(event)
  })
})

test.each([
  ['"ab" c', 3],
  ['"a\\"b" c', 5],
  ['"a\\\\" c', 4],
  ['"open', 5],
])('the string %s ends at %i', (text, end) => {
  expect(skipString(Buffer.from(text), 0, text.length)).toBe(end)
})

test.each([
  ['<TCP:[a->b]> c', 11],
  ['</a> c', 3],
  ['<open', 5],
])('the decoration %s ends at %i', (text, end) => {
  expect(skipDecoration(Buffer.from(text), 0, text.length)).toBe(end)
})
