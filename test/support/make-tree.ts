import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { RecordedEntries } from '../../src/proc/recorded-proc.ts'

const bytes = (text: string) => Buffer.from(text, 'latin1')

/** Writes entries as files and links below `root`; `links: 'files'` as version control without links does. */
export function writeTree(root: string, { files, links }: RecordedEntries, as: 'links' | 'files' = 'links'): void {
  const place = (path: string) => {
    const at = `${root}/${path}`
    mkdirSync(bytes(path.endsWith('/') ? at : dirname(at)), { recursive: true })
    return bytes(at)
  }
  for (const [path, content] of files) {
    const at = place(path)
    if (!path.endsWith('/')) writeFileSync(at, content)
  }
  for (const [path, target] of links) {
    if (as === 'links') symlinkSync(bytes(target), place(path))
    else writeFileSync(place(path), bytes(target))
  }
}
