import type { Libc } from '../../libc/libc.ts'
import { enterNamespace } from '../../namespaces/enter.ts'
import { inNamespace, isReadable } from '../../namespaces/inside.ts'
import type { NetworkNamespace } from '../../namespaces/model.ts'
import { networkNamespaces } from '../../namespaces/network-namespaces.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import { labelOfBytes } from '../rules/label-value.ts'
import type { Place } from './reading.ts'

/** Namespaces are searched again no sooner than this times what it took. */
const SHARE = 50
const LEAST_MS = 5000

/** Every network namespace of the machine that can be read, searched for anew from time to time. */
export class Places {
  readonly #source: ProcSource
  readonly #libc: Libc | undefined
  #places: readonly Place[] = []
  #names: ReadonlyMap<string, string> = new Map()
  #nextMs = 0
  /** How many could not be read. */
  unreadable = 0

  constructor(source: ProcSource, libc: Libc | undefined) {
    this.#source = source
    this.#libc = libc
  }

  list(nowMs = performance.now()): readonly Place[] {
    if (nowMs < this.#nextMs) return this.#places
    const { namespaces } = networkNamespaces(this.#source, { libc: this.#libc })
    const readable = namespaces.filter(namespace => isReadable(namespace, this.#libc))
    this.#names = namespaceLabels(readable, this.#names)
    const names = this.#names
    const libc = this.#libc
    this.#places = readable.map(namespace => ({
      key: `${namespace.name} ${namespace.identity.cookie ?? names.get(namespace.name)!}`,
      labels: { netns: names.get(namespace.name)! },
      source: inNamespace(this.#source, namespace, libc),
      ...(libc !== undefined && { within: open => enterNamespace(libc, namespace, open) }),
    }))
    this.unreadable = namespaces.length - readable.length
    this.#nextMs = nowMs + Math.max(LEAST_MS, SHARE * (performance.now() - nowMs))
    return this.#places
  }
}

/**
 * What people call each, by its name `net:[N]`; with that where another one is called the same already: one series must
 * not stand twice. `before` is what they were called: a label stays as long as its namespace is called so.
 */
export function namespaceLabels(
  namespaces: readonly Pick<NetworkNamespace, 'label' | 'name'>[],
  before: ReadonlyMap<string, string> = new Map(),
): Map<string, string> {
  const possible = ({ label, name }: Pick<NetworkNamespace, 'label' | 'name'>) => [
    labelOfBytes(label),
    labelOfBytes(`${name} ${label}`),
  ]
  const labels = new Map<string, string>()
  for (const namespace of namespaces) {
    const known = before.get(namespace.name)
    if (known !== undefined && possible(namespace).includes(known)) labels.set(namespace.name, known)
  }
  const taken = new Set(labels.values())
  for (const namespace of namespaces) {
    if (labels.has(namespace.name)) continue
    const [plain, whole] = possible(namespace) as [string, string]
    const label = taken.has(plain) ? whole : plain
    taken.add(label)
    labels.set(namespace.name, label)
  }
  return labels
}
