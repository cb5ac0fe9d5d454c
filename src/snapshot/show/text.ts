import type { SourceMeta } from '../../proc/proc-source.ts'
import { escapeBytes, escapeText } from '../../terminal/escape.ts'
import { wrap } from '../../terminal/wrap.ts'
import type { SnapshotSummary } from '../model.ts'

/** Namespaces listed; more are counted. */
const MAX_NAMESPACES = 100

/** Paths quoted for each reason. */
const EXAMPLES = 3

/** The summary of a recording for people, in lines of at most `width`. */
export function summaryText(meta: SourceMeta, summary: SnapshotSummary, width: number): string {
  const known = (value: string | number | undefined) => (value === undefined ? 'unknown' : escapeText(String(value)))
  const machine = [meta.kernel, meta.arch, meta.endian && `${meta.endian}-endian`].filter(Boolean).map(known).join(', ')
  const lines = [
    ['Host', known(meta.host)],
    ['Kernel', machine || 'unknown'],
    ['Taken', `${known(meta.takenAt)}${meta.uid === undefined ? '' : `, by user ${meta.uid}`}`],
    ['Redacted', meta.redacted ? 'yes: addresses, names and arguments are pseudonyms' : 'no'],
    ['Holds', `${summary.processes} processes, ${summary.files} files, ${summary.links} links`],
  ]
  const line = (text: string, indent: number) => `${wrap(text, width, indent)}\n`
  let text = lines.map(([name, value]) => line(`${name!.padEnd(10)}${value}`, 10)).join('')
  const listed = summary.namespaces.slice(0, MAX_NAMESPACES)
  for (const { netns, folder, sockets } of listed)
    text += `\n${line(`Network namespace ${netns === undefined ? 'unknown' : escapeBytes(netns)}, in ${folder}/`, 2)}${line(`  ${socketsText(sockets)}`, 4)}`
  if (listed.length < summary.namespaces.length)
    text += `\n… and ${summary.namespaces.length - listed.length} more namespaces\n`
  if (summary.unreadable.size > 0) text += '\nNot readable when it was taken\n'
  for (const [code, paths] of summary.unreadable) {
    const more = paths.length > EXAMPLES ? ', …' : ''
    text += line(
      `  ${escapeText(code)} ${paths.length}: ${paths.slice(0, EXAMPLES).map(escapeBytes).join(', ')}${more}`,
      4,
    )
  }
  return text
}

function socketsText(sockets: Readonly<Record<string, number>>): string {
  return (
    Object.entries(sockets)
      .map(([table, count]) => `${table} ${count}`)
      .join(', ') || 'no sockets'
  )
}
