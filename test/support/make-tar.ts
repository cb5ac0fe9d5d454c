/** An entry of an archive; names and targets are byte strings. */
export interface TarEntry {
  name: string
  type?: 'file' | 'symlink' | 'link' | 'folder'
  content?: Buffer | string
  target?: string
}

const TYPE_FLAGS = { file: '0', link: '1', symlink: '2', folder: '5' } as const

/** A tar archive made byte by byte, as no library lets names be any bytes; long names the way GNU tar writes them. */
export function makeTar(entries: Iterable<TarEntry>): Buffer {
  const blocks: Buffer[] = []
  for (const { name, type = 'file', content = '', target = '' } of entries) {
    if (name.length > 100) blocks.push(...block('././@LongLink', 'L', Buffer.from(`${name}\0`, 'latin1'), ''))
    if (target.length > 100) blocks.push(...block('././@LongLink', 'K', Buffer.from(`${target}\0`, 'latin1'), ''))
    blocks.push(...block(name, TYPE_FLAGS[type], Buffer.from(content), target))
  }
  return Buffer.concat([...blocks, Buffer.alloc(1024)])
}

/** Header and content, each filled up to whole blocks. Source: tar(5). */
function block(name: string, flag: string, content: Buffer, target: string): Buffer[] {
  const header = Buffer.alloc(512)
  const octal = (value: number, at: number, length: number) =>
    header.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at, 'latin1')
  header.write(name.slice(0, 100), 0, 'latin1')
  octal(0o644, 100, 8)
  octal(0, 108, 8)
  octal(0, 116, 8)
  octal(content.length, 124, 12)
  octal(0, 136, 12)
  header.write(flag, 156, 'latin1')
  header.write(target.slice(0, 100), 157, 'latin1')
  header.write('ustar  \0', 257, 'latin1')
  header.fill(' ', 148, 156)
  octal(
    header.reduce((sum, byte) => sum + byte, 0),
    148,
    7,
  )
  return [header, content, Buffer.alloc((512 - (content.length % 512)) % 512)]
}
