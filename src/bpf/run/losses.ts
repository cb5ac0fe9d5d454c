import type { BpfMessage } from './output/message.ts'
import type { StderrFact } from './output/bpftrace-stderr.ts'
import type { BpfError, BpfRunFacts, BpfSummary } from '../model.ts'
import { MAP_KEYS } from '../jobs/build.ts'
import { keyParts } from './output/stack.ts'
import { placeText } from './place-text.ts'

const PROBES_FUNCTIONS = /\b(k(ret)?probe|k(ret)?func|fentry|fexit|k|kr|f|fr):/

/** Counts what a run lost, cut or could not do. Losses are lower bounds: bpftrace does not count all it drops. */
export class RunLosses {
  readonly errors: BpfError[] = []
  cutStrings = 0
  readonly #header: BpfRunFacts
  readonly #warnings = new Set<string>()
  readonly #skipped = new Set<string>()
  readonly #fullMaps = new Set<string>()
  readonly #alikeKeys = new Set<string>()
  readonly #joinedKeys = new Set<string>()
  readonly #textKeys = new Set<string>()
  readonly #faults = new Map<string, number>()
  #lost = 0
  #lostAtEnd = 0
  #unreadable = 0

  constructor(header: BpfRunFacts) {
    this.#header = header
  }

  countMessage(message: BpfMessage): void {
    switch (message.type) {
      case 'lost':
        this.#lost += message.events
        break
      case 'fault':
        this.#countFault(message)
        break
      case 'unreadable':
        this.countUnreadable()
        break
      case 'map':
      case 'histogram':
      case 'stats':
      case 'series':
        if (message.entries.length >= MAP_KEYS) this.#fullMaps.add(message.name)
        if (message.doubleKeys) this.#alikeKeys.add(message.name)
        this.#seeKeys(message.name, message.entries)
    }
  }

  countStderr(fact: StderrFact): void {
    if (fact.kind === 'skipped') this.#skipped.add(fact.probe)
    if (fact.kind === 'error') this.errors.push(fact)
    if (fact.kind === 'warning') this.#warn(fact)
    if (fact.kind === 'lost') this.#lostAtEnd = Math.max(this.#lostAtEnd, fact.events)
  }

  #seeKeys(name: string, entries: readonly { key?: string | undefined }[]): void {
    for (const { key } of entries) {
      if (key === undefined) continue
      if (key.includes(',')) this.#joinedKeys.add(name)
      // Frames hold no blanks that matter.
      const texts = keyParts(key).filter(part => typeof part === 'string')
      if (texts.some(text => /[^-\d,]/.test(text))) this.#textKeys.add(name)
    }
  }

  countUnreadable(): void {
    this.#unreadable += 1
  }

  summary(): Omit<BpfSummary, 'events' | 'attachedProbes' | 'durationMs' | 'endedBy' | 'behind' | 'childrenLeft'> {
    return {
      skippedProbes: [...this.#skipped],
      lostAtLeast: Math.max(this.#lost, this.#lostAtEnd),
      cutStrings: this.cutStrings,
      fullMaps: [...this.#fullMaps],
      mapsWithAlikeKeys: [...this.#alikeKeys],
      faults: [...this.#faults].map(([message, count]) => ({ message, count })),
      unreadableLines: this.#unreadable,
      tracerWarnings: [...this.#warnings],
      mapsWithJoinedKeys: [...this.#joinedKeys],
      mapsWithTextKeys: [...this.#textKeys],
    }
  }

  /** Of a job what bpftrace warns of is known, and its warnings above count what there is to know. */
  #warn({ text, at }: BpfError): void {
    const { script, program = '' } = this.#header
    if (script === undefined) return
    // From 0.24 on it says so at every start on a kernel without kprobes.
    if (text.startsWith('Could not read functions from') && !PROBES_FUNCTIONS.test(program)) return
    this.#warnings.add(at === undefined ? text : `${text} (${placeText(at, program)})`)
  }

  #countFault({ kind, helper, code, message }: Extract<BpfMessage, { type: 'fault' }>): void {
    if (kind === 'warnf') {
      this.#warnings.add(message)
      return
    }
    // -E2BIG of an update: the map holds as many keys as it can.
    if (helper === 'map_update_elem' && code === -7) {
      this.#fullMaps.add('a map of the program')
      return
    }
    const text = helper === undefined ? message : `${helper}: ${message}`
    this.#faults.set(text, (this.#faults.get(text) ?? 0) + 1)
  }
}
