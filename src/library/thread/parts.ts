import { documentFrame, type AnyDocument } from '../../terminal/json.ts'
import type { Warning } from '../../warnings.ts'
import type { Part } from './protocol.ts'

/** A document that the thread has, before it is JSON. */
export interface Answered {
  document: AnyDocument
  warnings: readonly Warning[]
}

type Unaddressed = Part extends infer Each ? (Each extends { id: number } ? Omit<Each, 'id'> : never) : never

/** JSON of this length is read in less than a millisecond. */
const PART_LENGTH = 48 * 1024

/** A document in parts: the beginning, the items of each list, the rest. */
export function* partsOf({ document, warnings }: Answered): Generator<Unaddressed> {
  const { head, tail } = documentFrame(document, warnings)
  yield { head: JSON.stringify(head) }
  for (const [list, items] of Object.entries<Iterable<unknown>>(document.lists ?? {})) {
    let batch: string[] = []
    let length = 0
    let isEmpty = true
    for (const item of items) {
      const text = JSON.stringify(item)
      batch.push(text)
      length += text.length
      isEmpty = false
      if (length < PART_LENGTH) continue
      yield { list, items: `[${batch.join(',')}]` }
      batch = []
      length = 0
    }
    if (isEmpty || batch.length > 0) yield { list, items: `[${batch.join(',')}]` }
  }
  yield { tail: JSON.stringify(tail) }
}

/** Puts documents together again, one after the other. */
export class Assembly {
  #whole: Record<string, unknown> = {}

  /** The document where this part completes it. */
  add(part: Part): object | undefined {
    if ('head' in part) this.#whole = JSON.parse(part.head) as Record<string, unknown>
    else if ('items' in part) {
      const list = (this.#whole[part.list] ??= []) as unknown[]
      for (const item of JSON.parse(part.items) as unknown[]) list.push(item)
    } else if ('tail' in part) {
      const whole = Object.assign(this.#whole, JSON.parse(part.tail) as object)
      this.#whole = {}
      return whole
    }
    return undefined
  }
}
