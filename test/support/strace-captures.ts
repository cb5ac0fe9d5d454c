import { createReadStream, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { createGunzip } from 'node:zlib'
import { extract } from 'tar-stream'
import { fixture } from './paths.ts'

export const STRACE_FIXTURES = fixture('strace')

/** What no capture has: calls that a line end in a name, or what the program wrote itself, broke into several lines. */
export const BROKEN_CALLS = Buffer.from(
  [
    '7 openat(AT_FDCWD, "/tmp/a\nb", O_RDONLY) = 3</tmp/a> <0.000010>',
    '7 openat(AT_FDCWD, "/tmp/c", O_RDONLY) = 3</tmp/c> <0.000010>',
    '7 openat(AT_FDCWD, "/tmp/c", O_RDONLY) = 4</tmp/c> <0.000010>',
    '7 lseek(4</tmp/c>, 10, SEEK_SET) = 10 <0.000001>',
    '7 read(4</tmp/c>, "x", 1) = 1 <0.000002>',
    '7 connect(5, {sa_family=AF_INET, sin_port=htons(81), sin_addr=inet_addr("127.0.0.1")}, 16) = -1 EINPROGRESS (Operation now in progress) <0.000030>',
    '7 getsockopt(5, SOL_SOCKET, SO_ERROR,  <unfinished ...>',
    '8 write(1, "written by the program"',
    'twice',
    '7 <... getsockopt resumed>[ECONNREFUSED], [4]) = 0 <0.000003>',
    '8 unlink("one\ntwo\nthree") = -1 ENOENT (No such file or directory) <0.000004>',
    '8 stat("never\nended", 0x7ffd',
    '8 +++ exited with 0 +++',
    '',
  ].join('\n'),
)

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
