import { findTool } from '../children/find-tool.ts'
import { readTool } from '../children/read-tool.ts'
import { errnoOf } from '../errors.ts'
import type { ProcSource } from '../proc/proc-source.ts'
import { parseNfConntrack } from './tables/nf-conntrack.ts'
import type { ConntrackFlow } from './model.ts'

/** Some 200,000 flows. */
const MOST_BYTES = 32 * 1024 * 1024

/** Flows of one network namespace. */
export interface ConntrackReading {
  flows: readonly ConntrackFlow[]
  /** There are more than were read. */
  isCut: boolean
  /** Why there are none; errno name. ENOENT: this kernel has no such file, or nothing is tracked. */
  error: string | undefined
}

/** The flows that netfilter tracks: its file, or where a kernel was built without it conntrack(8). */
export async function readConntrack(source: ProcSource, folder = 'net'): Promise<ConntrackReading> {
  try {
    let bytes = 0
    const content = source.readFile(`${folder}/nf_conntrack`, chunk => (bytes += chunk.length) > MOST_BYTES)
    return { flows: parseNfConntrack(content).flows, isCut: bytes > MOST_BYTES, error: undefined }
  } catch (error) {
    const code = errnoOf(error)
    const text = code === 'ENOENT' && source.isThisMachine && folder === 'net' ? await listedFlows() : undefined
    if (text === undefined) return { flows: [], isCut: false, error: code }
    return { flows: parseNfConntrack(Buffer.from(text, 'latin1')).flows, isCut: false, error: undefined }
  }
}

/** Undefined where the tool is absent, refused or silent. */
async function listedFlows(): Promise<string | undefined> {
  const file = findTool(['conntrack'])
  if (file === undefined) return undefined
  try {
    const { stdout, exitCode } = await readTool(file, ['-L', '-o', 'extended'], {
      timeoutMs: 2000,
      maxBytes: MOST_BYTES,
    })
    return exitCode === 0 ? stdout : undefined
  } catch {
    return undefined
  }
}
