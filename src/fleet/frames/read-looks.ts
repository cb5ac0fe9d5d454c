import { InputError } from '../../errors.ts'
import { withoutAddresses } from '../../processes/pid-stat.ts'
import type { SourceMeta } from '../../proc/proc-source.ts'
import { emptyEntries, recordedProc, type RecordedEntries, type RecordedProc } from '../../proc/recorded-proc.ts'
import { parseSnapshot } from '../../proc/snapshot-format.ts'
import type { Warning } from '../../warnings.ts'
import { MOST_FLOWS, MOST_NAMESPACES } from '../collector/script.ts'
import { parseDescriptors, parseLinks } from './ls-lines.ts'
import { splitFiles, splitFrames, type Frame } from './split-frames.ts'

/** What came from a host. */
export interface Looks {
  /** Who looked: a linsight over there, or the script. */
  by: 'linsight' | 'collector'
  /** One recording a look. */
  sources: RecordedProc[]
  /** The recording of a diagnosis, as its file would be; then there are no sources. */
  diagnosis?: Buffer | undefined
}

/**
 * An answer as recordings of /proc. It may hold anything: what does not fit is refused.
 *
 * @throws InputError `input-format`
 */
export function readLooks(body: Buffer, nonce: string, label: string): Looks {
  const frames = splitFrames(body, nonce)
  const whole = frames.filter((frame, at) => ASKED.has(frame.kind) && frames[at + 1]?.words[0] === '0')
  const collected = frames.some(({ kind }) => kind === 'look')
  if (!collected && whole.length > 0) return ofLinsight(whole, label)
  const machine = metaOf(frames)
  const sources: RecordedProc[] = []
  let entries: RecordedEntries | undefined
  for (const frame of frames) {
    if (frame.kind === 'look') {
      entries = emptyEntries()
      const [epoch = '', ...host] = frame.words
      sources.push(
        recordedProc('snapshot', label, { ...machine, host: host.join(' '), takenAt: timeOf(epoch) }, entries),
      )
    } else if (entries !== undefined) add(entries, frame, nonce)
  }
  if (sources.length === 0) throw new InputError('input-format', 'the answer holds no look')
  return { by: 'collector', sources: sources.map(finished) }
}

const ASKED = new Set(['snapshot', 'diagnosis'])

function ofLinsight(frames: readonly Frame[], label: string): Looks {
  const diagnosis = frames.find(({ kind }) => kind === 'diagnosis')?.content
  if (diagnosis !== undefined) return { by: 'linsight', sources: [], diagnosis }
  return { by: 'linsight', sources: frames.map(({ content }) => parseSnapshot(content.toString('utf8'), label)) }
}

function metaOf(frames: readonly Frame[]): SourceMeta {
  const text = (kind: string) => frames.find(frame => frame.kind === kind)?.content.toString('latin1') ?? ''
  const fact = (name: string) => new RegExp(`^${name} (\\S+)$`, 'm').exec(text('machine'))?.[1]
  const count = (name: string) => (/^\d{1,9}$/.test(fact(name) ?? '') ? Number(fact(name)) : undefined)
  const endian = fact('endian')
  return {
    kernel: fact('kernel'),
    arch: fact('arch'),
    endian: endian === 'little' || endian === 'big' ? endian : undefined,
    userHz: count('hz') || 100,
    uid: count('uid'),
    users: Object.fromEntries(
      [...text('users').matchAll(/^([^:\n]+):(\d{1,10})$/gm)].map(([, name, id]) => [id!, name!] as const).toReversed(),
    ),
  }
}

function timeOf(epoch: string): string | undefined {
  return /^\d{1,11}$/.test(epoch) ? new Date(Number(epoch) * 1000).toISOString() : undefined
}

function add({ files, links, errors }: RecordedEntries, frame: Frame, nonce: string): void {
  const text = () => frame.content.toString('latin1')
  if (frame.kind === 'files') for (const [path, content] of splitFiles(frame, nonce)) keep(files, path, content)
  else if (frame.kind === 'file') keep(files, frame.words[0] ?? '', frame.content)
  else if (frame.kind === 'links') for (const [path, target] of parseLinks(text())) links.set(path, target)
  else if (frame.kind === 'descriptors')
    for (const [pid, folder] of parseDescriptors(text())) {
      if (typeof folder === 'string') errors.set(`${pid}/fd`, folder)
      // An empty folder is a fact too: the process could be looked into and holds nothing.
      else if (folder.size === 0) files.set(`${pid}/fd/`, Buffer.alloc(0))
      else for (const [fd, target] of folder) links.set(`${pid}/fd/${fd}`, target)
    }
}

/** What cat could not open left nothing behind; only a command line may be empty. */
function keep(files: Map<string, Buffer>, path: string, content: Buffer): void {
  if (content.length > 0 || path.endsWith('/cmdline'))
    files.set(path.replace(/^self\/net\//, 'net/'), /^\d+\/stat$/.test(path) ? withoutAddresses(content) : content)
}

/** Processes that were there to the end and whose descriptors were not listed refused it; those that ended are left out. */
function finished(source: RecordedProc): RecordedProc {
  const { files, links, errors } = source.entries
  const listed = new Set([...links.keys(), ...files.keys()].flatMap(path => /^(\d+)\/fd\//.exec(path)?.[1] ?? []))
  for (const path of files.keys()) {
    const [, pid, name] = /^(\d+)\/(stat|cmdline)$/.exec(path) ?? []
    if (name === 'stat' && !listed.has(pid!) && !errors.has(`${pid}/fd`)) errors.set(`${pid}/fd`, 'EACCES')
    if (name === 'cmdline' && !files.has(`${pid}/stat`)) files.delete(path)
  }
  const remarks = cutOf(files)
  const ids = uidsOf(files)
  const users = Object.entries(source.meta.users ?? {}).filter(([id]) => ids.has(id))
  return {
    ...source,
    ...(remarks.length > 0 && { remarks }),
    meta: { ...source.meta, netns: links.get('self/ns/net'), users: Object.fromEntries(users) },
  }
}

/** What the script sent no more of. */
function cutOf(files: ReadonlyMap<string, Buffer>): Warning[] {
  const namespaces = [...files.keys()].filter(path => /^\d+\/net\/(?:sockstat|protocols)$/.test(path))
  const count = new Set(namespaces.map(path => path.split('/')[0])).size
  const flows = files.get('net/nf_conntrack')?.filter(byte => byte === 0x0a).length ?? 0
  return [
    ...(count < MOST_NAMESPACES
      ? []
      : [
          {
            code: 'namespaces-unreadable' as const,
            message: `there may be more network namespaces than the ${MOST_NAMESPACES} that were read`,
          },
        ]),
    ...(flows < MOST_FLOWS
      ? []
      : [
          {
            code: 'peers-unknown' as const,
            message: `there may be more flows with translated addresses than the ${MOST_FLOWS} that were read: ends behind them are not found`,
          },
        ]),
  ]
}

/** Users of processes; names of others are nobody's business. */
function uidsOf(files: ReadonlyMap<string, Buffer>): ReadonlySet<string> {
  const ids = new Set(['0'])
  for (const [path, content] of files) {
    const line = path.endsWith('/status') ? /^Uid:\t(\d+)\t(\d+)/m.exec(content.toString('latin1')) : null
    if (line !== null) ids.add(line[1]!).add(line[2]!)
  }
  return ids
}
