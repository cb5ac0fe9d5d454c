import { groupBy } from '../../../group-by.ts'
import { programName } from '../../../processes/process-facts.ts'
import type { Statement } from '../../../statement.ts'
import { columnLines, type Column } from '../../../terminal/columns.ts'
import { escapeBytes, quoted } from '../../../terminal/escape.ts'
import type { Theme } from '../../../terminal/theme.ts'
import { wrap } from '../../../terminal/wrap.ts'
import { portsText } from '../../published/show/published-text.ts'
import type { TableLayout } from '../../show/table.ts'
import {
  SCOPES,
  type ExposedListener,
  type ExposedPath,
  type ExposureReport,
  type FirewallOpinion,
  type Scope,
} from '../exposure-report.ts'
import { shortRule } from './rule-text.ts'

/** A line of the table: all ways to a listener, or to a published port, that have one answer. */
interface ExposureLine {
  protocol: string
  local: string
  owner: string
  paths: readonly ExposedPath[]
  firewall: FirewallOpinion | undefined
}

/** Addresses that a cell names. */
const MOST_ADDRESSES = 2

const COLUMNS: readonly Column<ExposureLine>[] = [
  { header: 'Proto', cell: ({ protocol }) => protocol },
  { header: 'Local Address', shrinksTo: 14, cell: ({ local }) => local },
  { header: 'PID/Program name', shrinksTo: 10, cell: ({ owner }) => owner },
  { header: 'Reached by', shrinksTo: 14, cell: ({ paths }) => reachText(paths) },
  { header: 'Firewall', cell: ({ firewall }) => firewall?.answer ?? '-' },
  {
    header: 'Because',
    shrinksTo: 20,
    wraps: true,
    cell: ({ firewall }) => (firewall ? becauseText(firewall) : ''),
  },
]

/** Who can get at what listens here: the table, then what follows from it. */
export function* exposureText(
  report: ExposureReport,
  header: boolean,
  theme: Theme,
  layout: TableLayout,
): Generator<string> {
  const lines = [...report.listeners.flatMap(listenerLines), ...report.published.flatMap(publicationLines)]
  if (lines.length === 0) yield 'nothing listens here\n'
  else {
    if (header)
      yield `${wrap(TITLE, layout.width, 0)
        .split('\n')
        .map(line => theme.heading(line))
        .join('\n')}\n`
    const leave = ['PID/Program name', 'Because', 'Proto']
    const paint = (text: string, { firewall }: ExposureLine) => painted(text, firewall, theme)
    const columns = COLUMNS.map(column => (column.header === 'Firewall' ? { ...column, paint } : column))
    yield* columnLines(columns, lines, { widths: 'fit', header, ...layout, leave, bringBack: '-W' })
  }
  for (const finding of report.findings) yield `\n${statementText(finding, theme, layout.width)}`
}

const TITLE = 'Who can get at what listens here, from outside this machine'

function listenerLines(listener: ExposedListener): ExposureLine[] {
  const { table, address, port, takesIpv4, owners, paths } = listener
  const host = address === '::' ? (takesIpv4 === undefined ? '::' : takesIpv4 ? '*' : '[::]') : bracketed(address)
  const names = owners.map(({ process }) => `${process.pid}/${quoted(escapeBytes(programName(process) || '-'))}`)
  const owner = names.length === 0 ? '-' : [...new Set(names)].join(',')
  return byAnswer({ protocol: table, local: `${host}:${port}`, owner }, paths)
}

const bracketed = (address: string) => (address.includes(':') ? `[${address}]` : address)

function publicationLines({ port, paths }: ExposureReport['published'][number]): ExposureLine[] {
  const { to, answers, address, ports, family } = port
  const owners = answers.flatMap(({ listener }) => listener?.owners ?? [])
  const names = owners.map(({ process }) => `${process.pid}/${quoted(escapeBytes(programName(process) || '-'))}`)
  const target = to.isSelf
    ? `port ${to.port}`
    : `${to.address === undefined ? '?' : bracketed(to.address)}:${to.port ?? '?'}`
  const local = `${address === undefined ? '*' : bracketed(address)}:${portsText(ports)} → ${escapeBytes(target)}`
  const protocol = `${port.protocol ?? 'any'}${family === 6 ? '6' : ''}`
  return byAnswer({ protocol, local, owner: names.join(',') || '-' }, paths)
}

/** Loopback is said only of what has nothing else. */
function byAnswer(
  line: Pick<ExposureLine, 'protocol' | 'local' | 'owner'>,
  paths: readonly ExposedPath[],
): ExposureLine[] {
  const outside = paths.filter(({ firewall }) => firewall !== undefined)
  const groups = groupBy(outside.length === 0 ? paths : outside, ({ firewall, perhaps }) =>
    JSON.stringify([firewall, perhaps]),
  )
  return [...groups.values()].map(group => ({ ...line, paths: group, firewall: group[0]!.firewall }))
}

/** `public 192.0.2.1, 2001:db8::1, private 172.18.0.1, link-local`. */
export function reachText(paths: readonly ExposedPath[]): string {
  const text = [...groupBy(paths, ({ scope }) => scope)]
    .sort(([a], [b]) => SCOPES.indexOf(b) - SCOPES.indexOf(a))
    .map(([scope, group]) => scopeText(scope, group))
    .join(', ')
  return paths.some(({ perhaps }) => perhaps) ? `${text} (perhaps)` : text
}

function scopeText(scope: Scope, paths: readonly ExposedPath[]): string {
  const addresses = paths.flatMap(path => path.addresses)
  if (scope === 'unknown') {
    const families = [...new Set(paths.map(({ family }) => `IPv${family}`))].join(' and ')
    return addresses.length === 0 ? `${families}, addresses not known` : addresses.join(', ')
  }
  if (addresses.length === 0) return `${scope}, not there now`
  // There is one for each interface, and nobody knows them.
  if (scope === 'link-local' && addresses.length > 1) return scope
  const more = addresses.length > MOST_ADDRESSES ? ` +${addresses.length - MOST_ADDRESSES}` : ''
  return `${scope} ${addresses.slice(0, MOST_ADDRESSES).join(', ')}${more}`
}

/** Rules that a cell quotes. */
const MOST_RULES = 3

/** Which rules decide, or which interfaces do. */
export function becauseText({ answer, because, byInterface, taken }: FirewallOpinion): string {
  if (taken?.all) return `taken before it by: ${shortRule(taken.rule)}`
  const some = taken === undefined ? '' : `; some taken before by: ${shortRule(taken.rule)}`
  if (answer === 'unknown') return `the rules could not be read${some}`
  if (byInterface !== undefined)
    return `${byInterface.map(way => `${way.answer} through ${way.names.map(name => escapeBytes(name)).join(', ')}`).join('; ')}: ${quotes(because)}${some}`
  if (because.length === 0) return `no rule looks at it${some}`
  return quotes(because) + some
}

const quotes = (because: FirewallOpinion['because']) =>
  because.slice(0, MOST_RULES).map(shortRule).join(', else ') + (because.length > MOST_RULES ? ', …' : '')

function painted(text: string, opinion: FirewallOpinion | undefined, theme: Theme): string {
  if (opinion?.answer === 'accepted') return theme.caution(text)
  return opinion?.answer === 'dropped' ? theme.quiet(text) : text
}

const WORDS: Record<Statement['severity'], string> = {
  critical: 'ACT',
  warning: 'WATCH',
  info: 'INFO',
  ok: 'OK',
  unknown: 'NOT KNOWN',
}

function statementText(
  { severity, finding, evidence, do: remedies, not }: Statement,
  theme: Theme,
  width: number,
): string {
  const word = WORDS[severity]
  const strong = severity === 'info' ? theme.strong(word) : theme.caution(theme.strong(word))
  const first = wrap(`${word}  ${finding}`, width, word.length + 2).slice(word.length)
  const line = (text: string) => `${wrap(`  ${text}`, width, 4)}\n`
  return [
    `${strong}${first}\n`,
    ...evidence.map(line),
    ...remedies.map(text => line(`do   ${text}`)),
    ...not.map(text => line(`not  ${text}`)),
  ].join('')
}
