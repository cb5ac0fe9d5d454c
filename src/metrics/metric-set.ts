import { FAMILIES, MAX_SERIES, type FamilyName } from './families.ts'
import type { Exposition, FamilyFacts, Labels, MetricFamily, Sample } from './model.ts'
import { foldRows, type MetricRow } from './rules/fold.ts'

/** Families whose rows are folded together: the same labels in each. */
interface RowGroup {
  names: readonly FamilyName[]
  rows: MetricRow[]
}

/** Gathers what was measured. The only way into an answer, so that nothing gets around the cap of series. */
export class MetricSet {
  readonly #maxSeries: number
  readonly #samples = new Map<FamilyName, Sample[]>()
  readonly #groups = new Map<FamilyName, RowGroup>()

  constructor(maxSeries: number = MAX_SERIES) {
    this.#maxSeries = maxSeries
  }

  /** One series that is not one of many; nothing where the value is not known. */
  set(name: FamilyName, value: number | undefined, labels: Labels = {}): void {
    if (value !== undefined && Number.isFinite(value)) this.#of(name).push({ labels, value })
  }

  /**
   * Series of families that belong together, by the same labels: rows with equal labels are summed, and of too many those
   * of least weight become one, labelled `other`. An absent value gives that row no series in that family.
   */
  addRows(names: readonly FamilyName[], rows: readonly MetricRow[]): void {
    const group = this.#groups.get(names[0]!)
    if (group === undefined) this.#groups.set(names[0]!, { names, rows: [...rows] })
    else for (const row of rows) group.rows.push(row)
  }

  /** Samples of a histogram, which is bounded by what makes it. */
  addSamples(name: FamilyName, samples: readonly Sample[]): void {
    this.#of(name).push(...samples)
  }

  /** Families in the order of their table. */
  exposition(takenAt: string): Exposition {
    for (const group of this.#groups.values()) this.#fold(group)
    this.#groups.clear()
    const families: MetricFamily[] = []
    for (const name of Object.keys(FAMILIES) as FamilyName[]) {
      const samples = this.#samples.get(name)
      if (samples !== undefined && samples.length > 0) families.push({ ...FAMILIES[name], name, samples })
    }
    return { takenAt, families }
  }

  #fold({ names, rows }: RowGroup): void {
    const { keeps = [], type }: FamilyFacts = FAMILIES[names[0]!]
    const { kept, folded } = foldRows(rows, this.#maxSeries, { keeps, drops: type === 'counter' })
    names.forEach((name, at) => {
      for (const { labels, values } of kept) this.set(name, values[at], labels)
      if (folded > 0) this.set('linsight_folded_series', folded, { family: name })
    })
  }

  #of(name: FamilyName): Sample[] {
    let samples = this.#samples.get(name)
    if (samples === undefined) this.#samples.set(name, (samples = []))
    return samples
  }
}
