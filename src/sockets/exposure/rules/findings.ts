import { programName } from '../../../processes/process-facts.ts'
import { escapeBytes } from '../../../terminal/escape.ts'
import { statement, type Statement } from '../../../statement.ts'
import type { FirewallGap } from '../../../firewall/model.ts'
import { evidenceText, publishedPlace, targetText } from '../../published/show/published-text.ts'
import type { ExposedListener, ExposedPath, ExposedPublication, ExposureReport } from '../exposure-report.ts'
import { ruleText } from '../show/rule-text.ts'

/** Examples that a finding names. */
const MOST_EXAMPLES = 8

/** What follows from the rules and places. That nothing was found says only that this was not found. */
export function exposureFindings(report: Omit<ExposureReport, 'findings'>, hasInputFilter: boolean): Statement[] {
  const { listeners, published, gaps } = report
  return [
    ...unread(gaps),
    ...(gaps.length === 0 && !hasInputFilter && listeners.some(isOutside) ? [noInputFilter()] : []),
    ...published.flatMap(pastInput),
    ...openByIpv6Only(listeners),
    ...openToAll(listeners),
    ...someOnly(listeners),
    ...localOnly(listeners),
  ]
}

const isOutside = ({ paths }: ExposedListener) => paths.some(({ firewall }) => firewall !== undefined)

function unread(gaps: readonly FirewallGap[]): Statement[] {
  if (gaps.length === 0) return []
  const isDenied = gaps.some(({ reason }) => reason === 'denied')
  return [
    statement('firewall-unread', 'unknown', gaps[0]!.message, {
      evidence: gaps.slice(1).map(({ message }) => message),
      do: isDenied ? ['run it with sudo; a recording tells it where it was made so'] : [],
    }),
  ]
}

function noInputFilter(): Statement {
  return statement(
    'no-input-filter',
    'warning',
    'no rule looks at what comes in: every listener answers whoever reaches its address',
    { evidence: ['no chain of nft or iptables with the hook input holds a rule or drops by its policy'] },
  )
}

function pastInput({ port, paths, passesInput }: ExposedPublication): Statement[] {
  const open = paths.find(({ firewall }) => firewall?.answer === 'accepted' || firewall?.answer === 'depends')
  if (passesInput === undefined || open === undefined) return []
  const place = publishedPlace(port)
  return [
    statement(
      'published-past-input',
      'warning',
      `${port.protocol} ${place} goes to ${targetText(port)} before the chain input is asked, which would drop it`,
      {
        evidence: [
          `published by ${evidenceText(port)}: ${escapeBytes(port.evidence.find(({ rule }) => rule)?.rule ?? 'seen in flows')}`,
          `the chain input: ${ruleText(passesInput)}`,
          ...(open.firewall!.because[0] === undefined ? [] : [`on its way: ${ruleText(open.firewall!.because[0])}`]),
        ],
        do: [
          `publish it on one address only, as 127.0.0.1:${port.ports?.[0] ?? 'PORT'}`,
          'filter in the hook forward; of Docker in the chain DOCKER-USER',
        ],
        not: ['a rule of ufw or of the chain input: packets to a published port do not come by it'],
      },
    ),
  ]
}

/** The same port is dropped over IPv4 and open over IPv6, which is easily forgotten. */
function openByIpv6Only(listeners: readonly ExposedListener[]): Statement[] {
  const found = listeners.flatMap(listener => {
    const answers = (family: 4 | 6) =>
      listener.paths
        .filter(path => path.family === family && path.scope !== 'link-local' && path.firewall !== undefined)
        .map(({ firewall }) => firewall!.answer)
    const twins = listeners.filter(
      other => other.port === listener.port && other.table === listener.table.replace('6', ''),
    )
    const ipv4 = [
      ...answers(4),
      ...twins.flatMap(({ paths }) => paths.flatMap(({ firewall }) => firewall?.answer ?? [])),
    ]
    const isOpen = answers(6).includes('accepted') && ipv4.length > 0 && ipv4.every(answer => answer === 'dropped')
    return isOpen ? [listener] : []
  })
  if (found.length === 0) return []
  return [
    statement('open-by-ipv6-only', 'warning', `${count(found)} dropped over IPv4 and accepted over IPv6`, {
      evidence: examples(found),
      do: ['write the rules for both families: a table inet of nft, ip6tables beside iptables'],
    }),
  ]
}

function openToAll(listeners: readonly ExposedListener[]): Statement[] {
  const isOpen = ({ scope, firewall }: ExposedPath) =>
    (scope === 'public' || scope === 'unknown') && firewall?.answer === 'accepted' && firewall.taken?.all !== true
  const found = listeners.filter(({ paths }) => paths.some(isOpen))
  if (found.length === 0) return []
  return [
    statement('open-to-all', 'info', `${count(found)} accepted on a public address from any source`, {
      evidence: examples(found),
    }),
  ]
}

function someOnly(listeners: readonly ExposedListener[]): Statement[] {
  const found = listeners.filter(({ paths }) => paths.some(({ firewall }) => firewall?.answer === 'depends'))
  if (found.length === 0) return []
  return [
    statement('open-to-some', 'info', `${count(found)} accepted or dropped depending on what the rules ask`, {
      evidence: found.slice(0, MOST_EXAMPLES).map(listener => {
        const path = listener.paths.find(({ firewall }) => firewall?.answer === 'depends')!
        return `${name(listener)}: ${path.firewall!.because.slice(0, 3).map(ruleText).join(', else ')}`
      }),
    }),
  ]
}

function localOnly(listeners: readonly ExposedListener[]): Statement[] {
  const found = listeners.filter(listener => !isOutside(listener))
  if (found.length === 0) return []
  return [
    statement('loopback-only', 'info', `${count(found)} bound to loopback, where nothing from outside gets`, {
      evidence: examples(found),
    }),
  ]
}

const count = ({ length }: readonly unknown[]) => `${length} listener${length === 1 ? ' is' : 's are'}`

function examples(listeners: readonly ExposedListener[]): string[] {
  const named = listeners.slice(0, MOST_EXAMPLES).map(name)
  return listeners.length > MOST_EXAMPLES ? [...named, `and ${listeners.length - MOST_EXAMPLES} more`] : named
}

/** `tcp *:443 (httpd pid 36)`. */
function name({ table, address, port, owners, takesIpv4 }: ExposedListener): string {
  const host = takesIpv4 === true ? '*' : address.includes(':') ? `[${address}]` : address
  const who = [...new Set(owners.map(({ process }) => `${escapeBytes(programName(process))} pid ${process.pid}`))]
  return `${table} ${host}:${port}${who.length === 0 ? '' : ` (${who.join(', ')})`}`
}
