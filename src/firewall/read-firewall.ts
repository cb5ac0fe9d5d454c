import type { ProcSource } from '../proc/proc-source.ts'
import type { Chain, Firewall, FirewallGap, ToolName } from './model.ts'
import { readFirewallTools, type ToolAnswer } from './read-tools.ts'
import { parseIptablesSave } from './tables/iptables-save.ts'
import { parseNftRuleset } from './tables/nft-ruleset.ts'

/** The rules of the own network namespace, or of the recorded machine; what is missing of them is told, never assumed. */
export async function readFirewall(source: ProcSource): Promise<Firewall> {
  return firewallOf(await readFirewallTools(source))
}

/** Joins what the tools said: a table that nft shows in part is taken from iptables-save instead. */
export function firewallOf(answers: readonly ToolAnswer[]): Firewall {
  const tools = answers.map(({ tool, state, detail }) => ({ tool, state, detail }))
  const gaps: FirewallGap[] = []
  const chains: Chain[] = []
  const answer = (tool: ToolName) => answers.find(each => each.tool === tool)
  const nft = answer('nft')
  const ruleset = nft?.text === undefined ? undefined : parseNftRuleset(nft.text)
  if (nft?.text !== undefined && ruleset === undefined)
    gaps.push({ reason: 'failed', message: 'what nft printed is not whole, or no ruleset' })

  for (const family of ['ip', 'ip6'] as const) {
    const [current, legacy] = (['save', 'legacy-save'] as const).map(kind => {
      const name: ToolName = `${family}tables-${kind}`
      return { name, answer: answer(name) }
    }) as [Asked, Asked]
    chains.push(...fromIptables(current, family, gaps), ...fromIptables(legacy, family, gaps, chains))
  }
  if (nft?.text === undefined) gaps.push(...missingNft(nft, answers))
  for (const table of ruleset?.hidden ?? []) {
    if (!chains.some(chain => isOfTable(chain, table)))
      gaps.push({
        reason: 'hidden',
        message: `the table ${table} holds rules of iptables that only iptables-save shows whole`,
      })
  }
  const own = ruleset?.chains.filter(chain => !chains.some(other => isOfTable(other, `${chain.family} ${chain.table}`)))
  return { chains: [...(own ?? []), ...chains], tools, gaps }
}

interface Asked {
  name: ToolName
  answer: ToolAnswer | undefined
}

/** A table of nf_tables as iptables shows it. */
const isOfTable = ({ tool, family, table }: Chain, name: string) =>
  tool === 'iptables-nft' && `${family} ${table}` === name

function fromIptables(
  { name, answer }: Asked,
  family: 'ip' | 'ip6',
  gaps: FirewallGap[],
  known: readonly Chain[] = [],
): Chain[] {
  if (answer?.text === undefined) {
    if (name.includes('legacy') && answer !== undefined && answer.state !== 'not-needed')
      gaps.push({
        reason: answer.state as FirewallGap['reason'],
        message: `${toolSays(answer)}: tables of legacy iptables`,
      })
    return []
  }
  const { chains, isWhole } = parseIptablesSave(answer.text, family)
  if (!isWhole) gaps.push({ reason: 'failed', message: `what ${name} printed is not whole` })
  // iptables-save may be the legacy one, so that both tell the same.
  return chains.filter(chain => !known.some(other => other.tool === chain.tool && other.family === chain.family))
}

function missingNft(nft: ToolAnswer | undefined, answers: readonly ToolAnswer[]): FirewallGap[] {
  if (nft === undefined) return []
  if (nft.state === 'denied') return [{ reason: 'denied', message: 'the firewall could not be read (root)' }]
  if (nft.state === 'not-recorded')
    return [{ reason: 'not-recorded', message: 'the recording holds no firewall rules' }]
  const readByIptables = answers.some(({ state, tool }) => state === 'read' && tool !== 'nft')
  const seen = readByIptables ? 'only the rules of iptables are known' : 'the firewall could not be read'
  return [{ reason: nft.state === 'absent' ? 'absent' : 'failed', message: `${seen}: ${toolSays(nft)}` }]
}

function toolSays({ tool, state, detail }: ToolAnswer): string {
  if (state === 'absent') return detail ?? `${tool} not found`
  if (state === 'denied') return `${tool} needs root`
  return detail === undefined ? `${tool} did not answer` : `${tool}: ${detail}`
}
