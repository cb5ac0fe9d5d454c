import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bpfPrograms } from './bpf-object.ts'

/** A BPF object as clang writes it, as far as the parser looks: names, a symbol table, one section per program. */
function bpfObject(programs: [section: string, name: string][], machine = 247): Buffer {
  const strings = (texts: string[]) => {
    let bytes = '\0'
    const at = texts.map(text => {
      const from = bytes.length
      bytes += `${text}\0`
      return from
    })
    return { bytes: Buffer.from(bytes, 'latin1'), at }
  }
  const sectionNames = strings(['', '.strtab', '.symtab', ...programs.map(([section]) => section)])
  const symbolNames = strings(programs.map(([, name]) => name))
  const symbols = Buffer.alloc(24 * (programs.length + 1))
  programs.forEach((_, i) => {
    symbols.writeUInt32LE(symbolNames.at[i]!, 24 * (i + 1))
    symbols[24 * (i + 1) + 4] = 0x12
    symbols.writeUInt16LE(3 + i + 1, 24 * (i + 1) + 6)
  })
  const contents = [
    Buffer.alloc(0),
    sectionNames.bytes,
    symbols,
    symbolNames.bytes,
    ...programs.map(() => Buffer.alloc(8)),
  ]
  const types = [0, 3, 2, 3, ...programs.map(() => 1)]
  const nameAt = [0, sectionNames.at[1]!, sectionNames.at[2]!, 0, ...programs.map((_, i) => sectionNames.at[3 + i]!)]
  let offset = 64
  const heads = contents.map((content, i) => {
    const head = Buffer.alloc(64)
    head.writeUInt32LE(nameAt[i]!, 0)
    head.writeUInt32LE(types[i]!, 4)
    head.writeBigUInt64LE(BigInt(offset), 24)
    head.writeBigUInt64LE(BigInt(content.length), 32)
    if (types[i] === 2) head.writeUInt32LE(3, 40)
    offset += content.length
    return head
  })
  const header = Buffer.alloc(64)
  Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1]).copy(header)
  header.writeUInt16LE(machine, 18)
  header.writeBigUInt64LE(BigInt(offset), 40)
  header.writeUInt16LE(64, 58)
  header.writeUInt16LE(heads.length, 60)
  header.writeUInt16LE(1, 62)
  return Buffer.concat([header, ...contents, ...heads])
}

const PROGRAMS: [string, string][] = [
  ['tracepoint/sock/inet_sock_set_state', 'set_state'],
  ['.text', 'helper'],
  ['kprobe/vfs_read', 'read_entry'],
]
const FOUND = [
  { section: 'tracepoint/sock/inet_sock_set_state', name: 'set_state' },
  { section: 'kprobe/vfs_read', name: 'read_entry' },
]

describe('bpfPrograms', () => {
  test('finds the object inside a larger file', () => {
    const host = Buffer.concat([Buffer.alloc(1000, 7), bpfObject(PROGRAMS), Buffer.alloc(50, 1)])
    expect(bpfPrograms(host)).toEqual(FOUND)
  })

  test('the host file itself is an ELF file of another machine', () => {
    expect(bpfPrograms(Buffer.concat([bpfObject([['kprobe/x', 'y']], 62), bpfObject(PROGRAMS)]))).toEqual(FOUND)
  })

  test('two objects in one tool', () => {
    expect(bpfPrograms(Buffer.concat([bpfObject(PROGRAMS), bpfObject(PROGRAMS)]))).toEqual([...FOUND, ...FOUND])
  })

  test('no object: an empty list', () => {
    expect(bpfPrograms(Buffer.from('#!/usr/bin/python3\n'))).toEqual([])
  })

  test('whatever byte is damaged, wherever the file is cut: no exception', () => {
    const good = bpfObject(PROGRAMS)
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(255), fc.nat(good.length), (at, byte, length) => {
        const bad = Buffer.from(good)
        bad[at] = byte
        expect(Array.isArray(bpfPrograms(bad.subarray(0, length)))).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })
})
