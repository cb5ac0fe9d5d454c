/** Small writes cost a system call each, large ones memory. */
const CHUNK_CHARACTERS = 64 * 1024

/** Writes pieces of text to stdout in large chunks, waiting where the reader is slower than we are. */
export async function writeOut(pieces: Iterable<string>): Promise<void> {
  let chunk = ''
  for (const piece of pieces) {
    chunk += piece
    if (chunk.length < CHUNK_CHARACTERS) continue
    await write(chunk)
    chunk = ''
  }
  if (chunk !== '') await write(chunk)
}

function write(text: string): Promise<void> | undefined {
  if (process.stdout.write(text)) return undefined
  return new Promise(resolve => process.stdout.once('drain', resolve))
}
