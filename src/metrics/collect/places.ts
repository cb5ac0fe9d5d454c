import type { Libc } from '../../libc/libc.ts'
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
  #nextMs = 0
  /** How many could not be read. */
  unreadable = 0

  constructor(source: ProcSource, libc: Libc | undefined) {
    this.#source = source
    this.#libc = libc
  }

  list(nowMs = performance.now()): readonly Place[] {
    if (nowMs < this.#nextMs) return this.#places
    const { namespaces } = networkNamespaces(this.#source)
    const readable = namespaces.filter(namespace => isReadable(namespace, this.#libc))
    const names = namespaceLabels(readable)
    this.#places = readable.map((namespace, at) => ({
      labels: { netns: names[at]! },
      source: inNamespace(this.#source, namespace, this.#libc),
    }))
    this.unreadable = namespaces.length - readable.length
    this.#nextMs = nowMs + Math.max(LEAST_MS, SHARE * (performance.now() - nowMs))
    return this.#places
  }
}

/** What people call each; with its number where several are called the same: one series must not stand twice. */
export function namespaceLabels(namespaces: readonly Pick<NetworkNamespace, 'label' | 'name'>[]): string[] {
  const counts = new Map<string, number>()
  for (const { label } of namespaces) counts.set(label, (counts.get(label) ?? 0) + 1)
  return namespaces.map(({ label, name }) => labelOfBytes(counts.get(label) === 1 ? label : `${name} ${label}`))
}
