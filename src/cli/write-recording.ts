import { writeFile } from '../files/write-file.ts'
import { writeOut } from './write-out.ts'

/** Writes a snapshot for its owner alone, gzipped where the name ends in `.gz`; `-` is stdout. Returns its size. */
export async function writeRecording(path: string, pieces: Iterable<string>): Promise<number> {
  if (path !== '-') {
    return writeFile(path, pieces, { what: 'the snapshot', ownerOnly: true, gzip: path.endsWith('.gz') })
  }
  await writeOut(pieces)
  return 0
}
