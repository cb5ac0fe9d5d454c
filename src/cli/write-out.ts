/** Small writes cost a system call each, large ones memory. */
const CHUNK_CHARACTERS = 64 * 1024

/**
 * Writes pieces of text to stdout in large chunks, waiting where the reader is slower than we are. `latin1` is for
 * byte strings: one character a byte.
 */
export async function writeOut(pieces: Iterable<string>, encoding: 'utf8' | 'latin1' = 'utf8'): Promise<void> {
  let chunk = ''
  for (const piece of pieces) {
    chunk += piece
    if (chunk.length < CHUNK_CHARACTERS) continue
    await write(chunk, encoding)
    chunk = ''
  }
  if (chunk !== '') await write(chunk, encoding)
}

function write(text: string, encoding: BufferEncoding): Promise<void> | undefined {
  if (process.stdout.write(text, encoding)) return undefined
  return new Promise(resolve => process.stdout.once('drain', resolve))
}
