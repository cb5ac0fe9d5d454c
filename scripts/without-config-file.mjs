// Takes from a copy of Node its option --experimental-config-file. Node looks for it among all words of the command line, also
// behind `--`, and opens the file that it names before any program runs: with capabilities of its own, for a caller who may
// not read that file. Nothing that an executable can be built with prevents it, so the function that looks is replaced by
// one that finds nothing.
import { readFileSync, writeFileSync } from 'node:fs'

const FUNCTION = '_ZN4node12ConfigReader15GetDataFromArgs'

/** An empty std::optional<std::string_view>, 24 bytes, where the caller wants it, in machine code. */
const FINDS_NOTHING = {
  // xor eax,eax; mov [rdi],rax; mov [rdi+8],rax; mov [rdi+16],rax; mov rax,rdi; ret
  x64: '31c0 488907 48894708 48894710 4889f8 c3',
  // stp xzr,xzr,[x8]; str xzr,[x8,#16]; ret
  arm64: '1f7d00a9 1f0900f9 c0035fd6',
}

/** `executable`: file of a Node for `arch`. One that knows no such option stays as it is. */
export function withoutConfigFile(executable, arch) {
  const bytes = readFileSync(executable)
  const at = offsetOf(bytes, FUNCTION)
  if (at === undefined) return
  Buffer.from(FINDS_NOTHING[arch].replaceAll(' ', ''), 'hex').copy(bytes, at)
  writeFileSync(executable, bytes)
}

const SHT_DYNSYM = 11
const PT_LOAD = 1

/** Where in a 64-bit ELF file the code of the exported function begins whose name begins with `name`. Source: elf(5). */
function offsetOf(elf, name) {
  const number = at => Number(elf.readBigUInt64LE(at))
  const entries = (table, size, count) => Array.from({ length: count }, (_, index) => table + index * size)
  const sections = entries(number(0x28), elf.readUInt16LE(0x3a), elf.readUInt16LE(0x3c)).map(at => ({
    type: elf.readUInt32LE(at + 4),
    offset: number(at + 0x18),
    size: number(at + 0x20),
    link: elf.readUInt32LE(at + 0x28),
    entrySize: number(at + 0x38),
  }))
  const symbols = sections.find(({ type }) => type === SHT_DYNSYM)
  if (symbols === undefined) return undefined
  const names = sections[symbols.link].offset
  const wanted = Buffer.from(name)
  const symbol = entries(symbols.offset, symbols.entrySize, symbols.size / symbols.entrySize).find(at => {
    const start = names + elf.readUInt32LE(at)
    return elf.subarray(start, start + wanted.length).equals(wanted)
  })
  if (symbol === undefined) return undefined
  const address = number(symbol + 8)
  const segment = entries(number(0x20), elf.readUInt16LE(0x36), elf.readUInt16LE(0x38)).find(
    at =>
      elf.readUInt32LE(at) === PT_LOAD &&
      address - number(at + 0x10) < number(at + 0x20) &&
      address >= number(at + 0x10),
  )
  return address - number(segment + 0x10) + number(segment + 8)
}
