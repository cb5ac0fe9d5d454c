import type { Exposition } from '../model.ts'
import { OPEN_METRICS_TYPE, prometheusText, TEXT_TYPE } from '../show/prometheus-text.ts'
import type { Form } from '../rules/content-type.ts'

/** An answer so young is given to the next scraper, too. */
const FRESH_MS = 1000

export const CONTENT_TYPES = { text: TEXT_TYPE, openmetrics: OPEN_METRICS_TYPE } as const

interface Answer {
  exposition: Exposition
  atMs: number
  texts: Map<Form, Promise<string>>
}

/** One collection at a time, however many ask: those who ask meanwhile, or shortly after, get the same answer. */
export class SharedAnswers {
  readonly #collect: (budgetMs: number) => Promise<Exposition>
  readonly #nowMs: () => number
  #last: Answer | undefined
  #running: Promise<Answer> | undefined

  constructor(collect: (budgetMs: number) => Promise<Exposition>, nowMs = () => performance.now()) {
    this.#collect = collect
    this.#nowMs = nowMs
  }

  async text(form: Form, budgetMs: number): Promise<string> {
    const { exposition, texts } = await this.#answer(budgetMs)
    let text = texts.get(form)
    if (text === undefined) texts.set(form, (text = prometheusText(exposition, CONTENT_TYPES[form])))
    return text
  }

  #answer(budgetMs: number): Promise<Answer> | Answer {
    if (this.#running !== undefined) return this.#running
    if (this.#last !== undefined && this.#nowMs() - this.#last.atMs < FRESH_MS) return this.#last
    this.#running = this.#collect(budgetMs)
      .then(exposition => (this.#last = { exposition, atMs: this.#nowMs(), texts: new Map() }))
      .finally(() => {
        this.#running = undefined
      })
    return this.#running
  }
}
