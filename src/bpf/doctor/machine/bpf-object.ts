/** A program of a BPF object: its section says where it attaches. */
export interface BpfObjectProgram {
  section: string
  name: string
}

/** Source: elf(5), include/uapi/linux/elf-em.h. Everything below is little-endian, 64 bits: what libbpf-tools embed. */
const MAGIC = Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1])
const EM_BPF = 247
const SHT_SYMTAB = 2
const STT_FUNC = 2
const SECTION_BYTES = 64
const SYMBOL_BYTES = 24
/** Sections of one object; the largest tool has some 40. */
const MAX_SECTIONS = 512

/**
 * The programs of the BPF objects inside a file: a libbpf-tool carries its object as an ELF file in its read-only part.
 * Helper functions (`.text`) are left out. A file without such an object gives an empty list, a damaged one what is
 * readable of it.
 */
export function bpfPrograms(file: Buffer): BpfObjectProgram[] {
  const programs: BpfObjectProgram[] = []
  for (let at = file.indexOf(MAGIC); at !== -1; at = file.indexOf(MAGIC, at + MAGIC.length)) {
    const object = file.subarray(at)
    if (object.length >= 64 && object.readUInt16LE(18) === EM_BPF) programs.push(...programsOf(object))
  }
  return programs
}

interface Section {
  name: string
  type: number
  content: Buffer
  link: number
}

function programsOf(object: Buffer): BpfObjectProgram[] {
  const sections = sectionsOf(object)
  const programs: BpfObjectProgram[] = []
  for (const table of sections.filter(section => section.type === SHT_SYMTAB)) {
    const names = sections[table.link]?.content
    for (let at = 0; at + SYMBOL_BYTES <= table.content.length; at += SYMBOL_BYTES) {
      const symbol = table.content.subarray(at, at + SYMBOL_BYTES)
      const section = sections[symbol.readUInt16LE(6)]
      if ((symbol[4]! & 15) !== STT_FUNC || section === undefined || section.name === '.text') continue
      programs.push({ section: section.name, name: textAt(names, symbol.readUInt32LE(0)) })
    }
  }
  return programs
}

function sectionsOf(object: Buffer): Section[] {
  const from = offset(object, 40)
  const count = Math.min(object.readUInt16LE(60), MAX_SECTIONS)
  const heads = Array.from({ length: count }, (_, i) =>
    object.subarray(from + i * SECTION_BYTES, from + (i + 1) * SECTION_BYTES),
  ).filter(head => head.length === SECTION_BYTES)
  const contentOf = (head: Buffer) => object.subarray(offset(head, 24), offset(head, 24) + offset(head, 32))
  const nameTable = heads[object.readUInt16LE(62)]
  const names = nameTable && contentOf(nameTable)
  return heads.map(head => ({
    name: textAt(names, head.readUInt32LE(0)),
    type: head.readUInt32LE(4),
    content: contentOf(head),
    link: head.readUInt32LE(40),
  }))
}

/** A 64-bit offset; what no buffer can hold becomes the largest one that finds nothing. */
function offset(bytes: Buffer, at: number): number {
  const value = bytes.readBigUInt64LE(at)
  return value > 0xffff_ffffn ? 0xffff_ffff : Number(value)
}

function textAt(names: Buffer | undefined, at: number): string {
  if (names === undefined || at >= names.length) return ''
  const end = names.indexOf(0, at)
  return names.toString('latin1', at, end === -1 ? names.length : end)
}
