import { findTool } from '../../children/find-tool.ts'
import { readTool } from '../../children/read-tool.ts'
import type { FullRoute } from '../model.ts'
import { parseFullRoutes, parseLinks, type LinkFacts } from '../tables/ip-json.ts'

const LIMITS = { timeoutMs: 2000, maxBytes: 64 * 1024 * 1024 }

/** Routes of every table of this namespace, of ip(8); undefined where it is not there or does not answer in JSON. */
export async function askFullRoutes(family: 'inet' | 'inet6' | undefined): Promise<FullRoute[] | undefined> {
  const which = family === undefined ? [] : [family === 'inet' ? '-4' : '-6']
  const json = await askIp([...which, '-j', '-d', 'route', 'show', 'table', 'all'])
  return json === undefined ? undefined : parseFullRoutes(json)
}

/** The interfaces of this namespace with their addresses, of ip(8). */
export async function askLinks(): Promise<LinkFacts[] | undefined> {
  const json = await askIp(['-j', 'address', 'show'])
  return json === undefined ? undefined : parseLinks(json)
}

/** An answer is a convenience here: whatever goes wrong is the same as no ip(8). */
async function askIp(args: readonly string[]): Promise<string | undefined> {
  const ip = findTool(['ip'])
  if (ip === undefined) return undefined
  try {
    const { stdout, exitCode } = await readTool(ip, args, LIMITS)
    return exitCode === 0 ? stdout : undefined
  } catch {
    return undefined
  }
}
