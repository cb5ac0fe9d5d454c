import { namedNamespace, type ChosenNamespace } from '../namespaces/named-namespace.ts'
import type { Libc } from '../libc/libc.ts'
import { enterIfPossible } from '../namespaces/enter.ts'
import { libcToEnter } from '../namespaces/libc-to-enter.ts'
import { inNamespace, isReadable } from '../namespaces/inside.ts'
import type { NetworkNamespace } from '../namespaces/model.ts'
import { networkNamespaces } from '../namespaces/network-namespaces.ts'
import { unreadableWarnings } from '../namespaces/rules/warnings.ts'
import type { ProcSource } from '../proc/proc-source.ts'
import type { Warning } from '../warnings.ts'
import { withDumps } from './diag/with-dumps.ts'
import type { SocketReport } from './model.ts'
import type { SocketRequest } from './plan.ts'
import { collectNamespaces, type NamespaceSource } from './read.ts'

/** What one look into the namespaces gives. */
export interface NamespacesRead {
  report: SocketReport
  /** Of the search for namespaces. */
  warnings: Warning[]
}

/** Looks into the namespaces that were asked for, once each time it is called. */
export type ReadNamespaces = (request: SocketRequest) => NamespacesRead

/** The source as it is read in the namespace that `--netns` names. */
export async function openNamespace(source: ProcSource, word: string): Promise<ChosenNamespace> {
  return namedNamespace(await withDumps(source), word, await libcToEnter(source))
}

/** `--netns`: the one that is named, which is looked for once. */
export async function oneNamespace(
  source: ProcSource,
  word: string,
): Promise<{ remark: string | undefined; read: ReadNamespaces }> {
  const libc = await libcToEnter(source)
  const asked = await withDumps(source)
  const { namespace, remark, inside } = await namedNamespace(asked, word, libc)
  const read: ReadNamespaces = request => {
    const report = collectNamespaces(asked, request, [sourceOf(namespace, inside, libc)])
    return { report: { ...report, namespaces: [namespace] }, warnings: [] }
  }
  return { remark, read }
}

/** Says how many of them were read. */
export type Progress = ((done: number, all: number) => void) | undefined

/**
 * `--all-netns`: all that there are, looked for each time. `identities`: what tells them from later ones is displayed.
 * `startProgress` is called for each look.
 */
export async function everyNamespace(
  source: ProcSource,
  identities: boolean,
  startProgress?: () => Progress,
): Promise<ReadNamespaces> {
  const libc = await libcToEnter(source)
  const asked = await withDumps(source)
  return request => {
    const { readable, sources, warnings } = namespaceSources(asked, libc, identities)
    const progress = startProgress?.()
    const report = collectNamespaces(asked, { ...request, trustGauges: true }, sources, done =>
      progress?.(done, sources.length),
    )
    return {
      report: { ...report, namespaces: readable },
      warnings,
    }
  }
}

/** Every namespace that can be read, each with the source as it is read there. */
export function namespaceSources(asked: ProcSource, libc: Libc | undefined, identities = false) {
  const found = networkNamespaces(asked, { libc: identities ? libc : undefined, skipStarts: !identities })
  const readable = found.namespaces.filter(namespace => isReadable(namespace, libc))
  const unreadable = found.namespaces.filter(namespace => !isReadable(namespace, libc))
  return {
    readable,
    sources: readable.map(namespace => sourceOf(namespace, inNamespace(asked, namespace, libc), libc)),
    warnings: [...found.warnings, ...unreadableWarnings(unreadable, asked.isThisMachine)],
  }
}

function sourceOf(namespace: NetworkNamespace, source: ProcSource, libc: Libc | undefined): NamespaceSource {
  const netns = { netns: namespace.name, label: namespace.label, namespace }
  if (namespace.isOwn || libc === undefined) return { source, netns }
  return { source, netns, within: read => enterIfPossible(libc, namespace, read) }
}
