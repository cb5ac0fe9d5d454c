import { endianness } from 'node:os'
import { describe, expect, test } from 'vitest'
import { needs } from '../../../test/support/needs.ts'
import { loadLibc, type Libc } from '../../libc/libc.ts'
import { Wire } from './decode/wire.ts'
import { askForDump, openDiagSocket } from './receive.ts'
import { dumpRequest } from './requests.ts'

const LITTLE = endianness() === 'LE'

/** A message as this machine writes it. */
function message(type: number, { flags = 0, words = [0] }: { flags?: number; words?: number[] } = {}): Buffer {
  const bytes = Buffer.alloc(16 + 4 * words.length)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  view.setUint32(0, bytes.length, LITTLE)
  view.setUint16(4, type, LITTLE)
  view.setUint16(6, flags, LITTLE)
  words.forEach((word, i) => view.setInt32(16 + 4 * i, word, LITTLE))
  return bytes
}

const ROW = message(20, { words: [1, 2, 3] })
const CHANGED = message(20, { flags: 0x10, words: [4] })
const DONE = message(3)
const REQUEST = dumpRequest('tcp')

/** A C library whose kernel gives these answers, one a recv(); a number is the errno of a call that fails. */
function answering(...answers: (Buffer | number)[]) {
  let requests = 0
  let errno = 0
  const libc = {
    send: (_socket: number, bytes: Buffer) => {
      requests += 1
      return bytes.length
    },
    recv: (_socket: number, room: Buffer) => {
      const answer = answers.shift() ?? 5
      if (typeof answer === 'number') {
        errno = answer
        return -1
      }
      return answer.copy(room)
    },
    errno: () => errno,
  } as unknown as Libc
  return { libc, requests: () => requests, left: () => answers.length }
}

describe('a dump', () => {
  test('is every answer, up to the message that ends it', () => {
    const { libc } = answering(Buffer.concat([ROW, ROW]), Buffer.concat([ROW, DONE]))
    expect(askForDump(libc, 3, REQUEST)).toEqual(Buffer.concat([ROW, ROW, ROW, DONE]))
  })

  test('goes on where a signal came', () => {
    const { libc } = answering(4, Buffer.concat([ROW, DONE]))
    expect(askForDump(libc, 3, REQUEST)).toEqual(Buffer.concat([ROW, DONE]))
  })

  test('stands in room that is kept, where there is some: the next one takes its place', () => {
    const { libc } = answering(
      Buffer.concat([ROW, ROW, DONE]),
      Buffer.concat([CHANGED, DONE]),
      Buffer.concat([ROW, DONE]),
    )
    const kept = {}
    const first = askForDump(libc, 3, REQUEST, kept) as Buffer
    expect(first).toEqual(Buffer.concat([ROW, ROW, DONE]))
    const second = askForDump(libc, 3, REQUEST, kept) as Buffer
    expect(second).toEqual(Buffer.concat([ROW, DONE]))
    expect([second.buffer === first.buffer, second.byteOffset]).toEqual([true, first.byteOffset])
  })

  test('larger than the room it began with is whole', () => {
    const chunk = Buffer.concat(Array.from({ length: 2000 }, () => ROW))
    const { libc } = answering(...Array.from({ length: 12 }, () => chunk), DONE)
    expect((askForDump(libc, 3, REQUEST) as Buffer).length).toBe(12 * chunk.length + DONE.length)
  })

  test('that changed meanwhile is asked for again', () => {
    const { libc, requests } = answering(Buffer.concat([CHANGED, DONE]), Buffer.concat([ROW, DONE]))
    expect(askForDump(libc, 3, REQUEST)).toEqual(Buffer.concat([ROW, DONE]))
    expect(requests()).toBe(2)
  })

  test('that changes every time comes as it is, after four times', () => {
    const { libc, requests } = answering(...Array.from({ length: 9 }, () => Buffer.concat([CHANGED, DONE])))
    expect(askForDump(libc, 3, REQUEST)).toEqual(Buffer.concat([CHANGED, DONE]))
    expect(requests()).toBe(4)
  })

  test.each([
    ['a family that this kernel lacks', message(2, { words: [-2] }), 'ENOENT'],
    ['an end with an errno', Buffer.concat([ROW, message(3, { words: [-22] })]), 'EINVAL'],
    ['a call that fails', 105, 'ENOBUFS'],
    ['a message longer than the answer', ROW.subarray(0, 20), 'EIO'],
    ['nothing', Buffer.alloc(0), 'EIO'],
  ])('%s is the name of an errno', (_, answer, expected) => {
    expect(askForDump(answering(answer).libc, 3, REQUEST)).toBe(expected)
  })

  test('comes from this kernel', needs('Linux'), async () => {
    const libc = (await loadLibc())!
    const socket = openDiagSocket(libc) as number
    try {
      const bytes = askForDump(libc, socket, dumpRequest('unix')) as Buffer
      expect(new Wire(bytes, LITTLE).u16(bytes.length - 16)).toBe(3)
    } finally {
      libc.close(socket)
    }
  })
})
