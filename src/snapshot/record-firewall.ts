import { isTranslated, parseNfConntrack, readFirewallTools, TOOL_FILES } from '../firewall/index.ts'
import { errnoOf } from '../errors.ts'
import type { ProcSource } from '../proc/proc-source.ts'
import type { RecordedEntries } from '../proc/recorded-proc.ts'

const CONNTRACK = 'net/nf_conntrack'

/**
 * Adds to a recording what the tools of the firewall print, and the flows whose addresses netfilter changes: of the others
 * there may be hundreds of thousands, and they tell no more than the tables of sockets. What is refused is recorded as such.
 */
export async function recordFirewall(source: ProcSource, { files, errors }: RecordedEntries): Promise<void> {
  for (const { tool, state, text } of await readFirewallTools(source)) {
    if (text !== undefined) files.set(TOOL_FILES[tool], Buffer.from(text, 'latin1'))
    else if (state === 'denied') errors.set(TOOL_FILES[tool], 'EPERM')
  }
  try {
    const lines = source.readFile(CONNTRACK).toString('latin1').split('\n').filter(isOfTranslatedFlow)
    files.set(CONNTRACK, Buffer.from(lines.map(line => `${line}\n`).join(''), 'latin1'))
  } catch (error) {
    const code = errnoOf(error)
    if (code !== 'ENOENT') errors.set(CONNTRACK, code)
  }
}

const isOfTranslatedFlow = (line: string) => parseNfConntrack(Buffer.from(line, 'latin1')).flows.some(isTranslated)
