import type { BpfMessage } from './output/message.ts'
import type { StderrFact } from './output/bpftrace-stderr.ts'
import type { BpfSummary } from '../model.ts'
import { MAP_KEYS } from '../jobs/build.ts'

/** Counts what a run lost, cut or could not do. Losses are lower bounds: bpftrace does not count all it drops. */
export class RunLosses {
  readonly errors: string[] = []
  cutStrings = 0
  readonly #skipped = new Set<string>()
  readonly #fullMaps = new Set<string>()
  readonly #alikeKeys = new Set<string>()
  readonly #faults = new Map<string, number>()
  #lost = 0
  #lostAtEnd = 0
  #unreadable = 0

  countMessage(message: BpfMessage): void {
    switch (message.type) {
      case 'lost':
        this.#lost += message.events
        break
      case 'fault':
        this.#countFault(message)
        break
      case 'unreadable':
        this.#unreadable += 1
        break
      case 'map':
      case 'histogram':
      case 'stats':
      case 'series':
        if (message.entries.length >= MAP_KEYS) this.#fullMaps.add(message.name)
        if (message.doubleKeys) this.#alikeKeys.add(message.name)
    }
  }

  countStderr(fact: StderrFact): void {
    if (fact.kind === 'skipped') this.#skipped.add(fact.probe)
    if (fact.kind === 'error') {
      this.errors.push(fact.at === undefined ? fact.text : `line ${fact.at.line}: ${fact.text}`)
    }
    if (fact.kind === 'lost') this.#lostAtEnd = Math.max(this.#lostAtEnd, fact.events)
  }

  summary(): Omit<BpfSummary, 'events' | 'attachedProbes' | 'durationMs' | 'endedBy'> {
    return {
      skippedProbes: [...this.#skipped],
      lostAtLeast: Math.max(this.#lost, this.#lostAtEnd),
      cutStrings: this.cutStrings,
      fullMaps: [...this.#fullMaps],
      mapsWithAlikeKeys: [...this.#alikeKeys],
      faults: [...this.#faults].map(([message, count]) => ({ message, count })),
      unreadableLines: this.#unreadable,
    }
  }

  #countFault({ helper, code, message }: Extract<BpfMessage, { type: 'fault' }>): void {
    // -E2BIG of an update: the map holds as many keys as it can.
    if (helper === 'map_update_elem' && code === -7) {
      this.#fullMaps.add('a map of the program')
      return
    }
    const text = helper === undefined ? message : `${helper}: ${message}`
    this.#faults.set(text, (this.#faults.get(text) ?? 0) + 1)
  }
}
