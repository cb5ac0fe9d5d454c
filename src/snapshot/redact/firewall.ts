import { ARGUMENT, NAME } from '../../redact/pseudonyms.ts'
import { redactWords, type Redaction } from '../../redact/words.ts'

/** Names of tables, chains and sets that tools give: they say nothing of a site. */
const TOOL_NAMES =
  /^(?:filter|nat|mangle|raw|security|broute|input|output|forward|prerouting|postrouting|ingress|egress|INPUT|OUTPUT|FORWARD|PREROUTING|POSTROUTING|DOCKER(?:-[A-Z0-9-]+)?|docker-bridges|firewalld|ufw6?-[a-z0-9-]+|KUBE-(?:[A-Z]+-?)*|CNI-(?:[A-Z]+-?)*|NETAVARK[_-][A-Z_-]*|netavark|LIBVIRT_[A-Z]+|cali-[A-Z]+|ACCEPT|DROP|REJECT|RETURN|LOG|NFLOG|MARK|CONNMARK|DNAT|SNAT|REDIRECT|MASQUERADE|TCPMSS|CT|NOTRACK|NFQUEUE|TPROXY|TRACE|SET|CHECKSUM|CLASSIFY|NETMAP)$/

function redactRuleName(name: string, { pseudonyms }: Redaction): string {
  return TOOL_NAMES.test(name) || name === '' ? name : pseudonyms.of(NAME, name)
}

const redactProse = (text: string, { pseudonyms }: Redaction) => (text === '' ? '' : pseudonyms.of(ARGUMENT, text))

/**
 * What `nft -j list ruleset` printed: addresses, comments, prefixes of logs and names that people chose; numbers, names of
 * interfaces and the structure stay. Undefined where it is no JSON: what is in it cannot be told.
 */
export function redactNftJson(text: string, redaction: Redaction): string | undefined {
  try {
    return `${JSON.stringify(redactValue(JSON.parse(text), '', '', redaction))}\n`
  } catch {
    return undefined
  }
}

/** Keys whose texts are names of tables, chains and sets. */
const NAMES: ReadonlySet<string> = new Set(['table', 'chain', 'target', 'name'])

function redactValue(value: unknown, key: string, parent: string, redaction: Redaction): unknown {
  if (Array.isArray(value)) return value.map(item => redactValue(item, key, parent, redaction))
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [name, redactValue(item, name, key, redaction)]),
    )
  if (typeof value !== 'string') return value
  if (value.startsWith('@')) return `@${redactRuleName(value.slice(1), redaction)}`
  if (key === 'comment' || key === 'userdata' || (key === 'prefix' && parent === 'log'))
    return redactProse(value, redaction)
  // The name of a match of iptables is the kernel's.
  return NAMES.has(key) && parent !== 'xt' ? redactRuleName(value, redaction) : redactWords(value, redaction)
}

/** Options of iptables whose value is prose, or a name that people chose. Source: iptables-extensions(8). */
const PROSE = /(--(?:comment|log-prefix|nflog-prefix|string|hex-string|helper)) ("(?:[^"\\]|\\.)*"|\S+)/g
const CHOSEN = /((?:^|\s)(?:-A|-j|-g|--match-set|--name|--add-set|--del-set|--hashlimit-name|--set)) ([^\s-]\S*)/g

/** What iptables-save printed, line by line. */
export function redactIptablesSave(text: string, redaction: Redaction): string {
  return text.replace(/^[^#*\n].*$/gm, line => {
    const declared = /^:(\S+)(.*)$/.exec(line)
    if (declared !== null) return `:${redactRuleName(declared[1]!, redaction)}${declared[2]}`
    return line
      .split(PROSE)
      .map((piece, i) => {
        if (i % 3 === 1) return `${piece} `
        if (i % 3 === 2) return `"${redactProse(piece.replace(/^"(.*)"$/, '$1'), redaction)}"`
        return redactWords(piece, redaction).replace(
          CHOSEN,
          (_, option: string, name: string) => `${option} ${redactRuleName(name, redaction)}`,
        )
      })
      .join('')
  })
}
