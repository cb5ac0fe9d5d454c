import { createReadStream, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { createGunzip } from 'node:zlib'
import { extract } from 'tar-stream'
import { fixture } from './paths.ts'

export const STRACE_FIXTURES = fixture('strace')

export interface Capture {
  /** `6.13/c-ls.txt` */
  name: string
  bytes: Buffer
}

/** Captures of one kind, of every version there is; `summary` or `logs`. */
export async function captures(kind: 'summary' | 'logs', wanted: RegExp): Promise<Capture[]> {
  const found: Capture[] = []
  const archives = readdirSync(STRACE_FIXTURES).filter(name => name.startsWith(`${kind}-`))
  for (const archive of archives) {
    const version = archive.slice(kind.length + 1).replace('.tar.gz', '')
    const entries = createReadStream(join(STRACE_FIXTURES, archive)).pipe(createGunzip()).pipe(extract())
    for await (const entry of entries) {
      const parts: Buffer[] = []
      for await (const part of entry) parts.push(part as Buffer)
      const name = entry.header.name.replace(/^\.\//, '')
      if (wanted.test(name)) found.push({ name: `${version}/${name}`, bytes: Buffer.concat(parts) })
    }
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : 1))
}

export function realSample(number: string): string {
  const folder = join(STRACE_FIXTURES, 'real-samples')
  const name = readdirSync(folder).find(file => basename(file).startsWith(`${number}-`))
  return readFileSync(join(folder, name!), 'latin1')
}
