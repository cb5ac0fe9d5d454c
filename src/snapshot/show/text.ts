import { escapeBytes, escapeText } from '../../terminal/escape.ts'

/** What the summary of a recording shows; absent facts are unknown. */
export interface SnapshotFacts {
  host?: string | undefined
  kernel?: string | undefined
  arch?: string | undefined
  endian?: string | undefined
  takenAt?: string | undefined
  uid?: number | undefined
  redacted?: boolean | undefined
  processes: number
  files: number
  links: number
  namespaces: readonly { netns: string | undefined; folder: string; sockets: Readonly<Record<string, number>> }[]
  unreadable: ReadonlyMap<string, readonly string[]>
}

/** Namespaces listed; more are counted. */
const MAX_NAMESPACES = 100

/** Paths quoted for each reason. */
const EXAMPLES = 3

/** The summary of a recording for people. */
export function snapshotText(facts: SnapshotFacts): string {
  const known = (value: string | number | undefined) => (value === undefined ? 'unknown' : escapeText(String(value)))
  const machine = [facts.kernel, facts.arch, facts.endian && `${facts.endian}-endian`]
    .filter(Boolean)
    .map(known)
    .join(', ')
  const lines = [
    ['Host', known(facts.host)],
    ['Kernel', machine || 'unknown'],
    ['Taken', `${known(facts.takenAt)}${facts.uid === undefined ? '' : `, by user ${facts.uid}`}`],
    ['Redacted', facts.redacted ? 'yes: addresses, names and arguments are pseudonyms' : 'no'],
    ['Holds', `${facts.processes} processes, ${facts.files} files, ${facts.links} links`],
  ]
  let text = lines.map(([name, value]) => `${name!.padEnd(10)}${value}\n`).join('')
  const listed = facts.namespaces.slice(0, MAX_NAMESPACES)
  for (const { netns, folder, sockets } of listed)
    text += `\nNetwork namespace ${netns === undefined ? 'unknown' : escapeBytes(netns)}, in ${folder}/\n  ${socketsText(sockets)}\n`
  if (listed.length < facts.namespaces.length)
    text += `\n… and ${facts.namespaces.length - listed.length} more namespaces\n`
  if (facts.unreadable.size > 0) text += '\nNot readable when it was taken\n'
  for (const [code, paths] of facts.unreadable) {
    const more = paths.length > EXAMPLES ? ', …' : ''
    text += `  ${escapeText(code)} ${paths.length}: ${paths.slice(0, EXAMPLES).map(escapeBytes).join(', ')}${more}\n`
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
