import { findTool } from '../children/find-tool.ts'
import { readTool } from '../children/read-tool.ts'
import { errnoOf, optional } from '../errors.ts'
import type { ProcSource } from '../proc/proc-source.ts'
import { escapeBytes } from '../terminal/escape.ts'
import type { ToolName, ToolReading } from './model.ts'
import { parseNftRuleset } from './tables/nft-ruleset.ts'

/** How long a tool may take, and how much it may print. */
const LIMITS = { timeoutMs: 2000, maxBytes: 64 * 1024 * 1024 }

/** The answer of a tool: a byte string where its state is `read`. */
export interface ToolAnswer extends ToolReading {
  text?: string | undefined
}

/** Where recordings keep what each tool printed. */
export const TOOL_FILES: Readonly<Record<ToolName, string>> = {
  nft: 'tool/nft.json',
  'iptables-save': 'tool/iptables-save',
  'ip6tables-save': 'tool/ip6tables-save',
  'iptables-legacy-save': 'tool/iptables-legacy-save',
  'ip6tables-legacy-save': 'tool/ip6tables-legacy-save',
}

/** Programs that answer, best first, and their arguments. iptables-save may be either kind: its first line tells. */
const PROGRAMS: Readonly<Record<ToolName, { names: readonly string[]; args: readonly string[] }>> = {
  nft: { names: ['nft'], args: ['-j', 'list', 'ruleset'] },
  'iptables-save': { names: ['iptables-nft-save', 'iptables-save'], args: [] },
  'ip6tables-save': { names: ['ip6tables-nft-save', 'ip6tables-save'], args: [] },
  'iptables-legacy-save': { names: ['iptables-legacy-save', 'iptables-save'], args: [] },
  'ip6tables-legacy-save': { names: ['ip6tables-legacy-save', 'ip6tables-save'], args: [] },
}

/**
 * What the tools of the firewall say: of this machine by asking them, of a recording what it holds. nft comes first; those
 * of iptables are asked only where nft does not tell everything, or where x_tables (legacy) hold tables of their own.
 */
export async function readFirewallTools(source: ProcSource): Promise<ToolAnswer[]> {
  const ask = source.isThisMachine ? askTool : (tool: ToolName) => recordedAnswer(source, tool)
  const notNeeded = (tool: ToolName): ToolAnswer => ({ tool, state: 'not-needed' })
  const nft = await ask('nft')
  const hidden = nft.text === undefined ? undefined : parseNftRuleset(nft.text)?.hidden
  const needs = (family: 'ip' | 'ip6') =>
    hidden === undefined || [...hidden].some(name => name.startsWith(`${family} `))
  // Who may not ask the one may not ask the others.
  const isRefused = nft.state === 'denied'
  return [
    nft,
    needs('ip') && !isRefused ? await ask('iptables-save') : notNeeded('iptables-save'),
    needs('ip6') && !isRefused ? await ask('ip6tables-save') : notNeeded('ip6tables-save'),
    hasLegacyTables(source, 'ip_tables_names') ? await ask('iptables-legacy-save') : notNeeded('iptables-legacy-save'),
    hasLegacyTables(source, 'ip6_tables_names')
      ? await ask('ip6tables-legacy-save')
      : notNeeded('ip6tables-legacy-save'),
  ]
}

/** Names of tables of x_tables, one a line; the file is there where the module is. Source: Linux net/netfilter/x_tables.c. */
function hasLegacyTables(source: ProcSource, file: string): boolean {
  const names = optional(() => source.readFile(`net/${file}`).toString('latin1'))
  return names !== undefined && names.trim() !== ''
}

async function askTool(tool: ToolName): Promise<ToolAnswer> {
  const { names, args } = PROGRAMS[tool]
  const file = findTool(names)
  if (file === undefined) return { tool, state: 'absent', detail: `${names.join(' and ')} not found` }
  try {
    const { stdout, stderr, exitCode } = await readTool(file, args, LIMITS)
    if (exitCode === 0) return { tool, state: 'read', text: stdout }
    const denied = /Operation not permitted|Permission denied|must be root/i.test(stderr)
    return { tool, state: denied ? 'denied' : 'failed', detail: firstLineOf(stderr) }
  } catch (error) {
    return { tool, state: 'failed', detail: (error as Error).message }
  }
}

const firstLineOf = (text: string) => escapeBytes(text.trim().split('\n', 1)[0] ?? '')

function recordedAnswer(source: ProcSource, tool: ToolName): ToolAnswer {
  try {
    return { tool, state: 'read', text: source.readFile(TOOL_FILES[tool]).toString('latin1') }
  } catch (error) {
    const code = errnoOf(error)
    return { tool, state: code === 'EPERM' || code === 'EACCES' ? 'denied' : 'not-recorded' }
  }
}
