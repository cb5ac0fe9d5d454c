/** The form of the pseudonyms of one kind of value. */
export interface PseudonymForm {
  /** Values of one shape draw from one sequence. */
  shape(original: string): string
  /** The n-th candidate (from 1) for a value of this shape; there is no last one. */
  candidate(original: string, n: number): string
}

/**
 * Pseudonyms for values that must not be disclosed: the same value always gets the same one, different values get
 * different ones, and no pseudonym equals a value that occurs somewhere.
 */
export interface Pseudonyms {
  of(form: PseudonymForm, original: string): string
}

/** For a first pass: replaces nothing and collects the values that occur. */
export function collectOriginals(): Pseudonyms & { readonly originals: Set<string> } {
  const originals = new Set<string>()
  return {
    originals,
    of(_form, original) {
      originals.add(original)
      return original
    },
  }
}

/** @param originals Every value that occurs, none of which may become a pseudonym. */
export function createPseudonyms(originals: ReadonlySet<string>): Pseudonyms {
  const taken = new Set<string>()
  const forms = new Map<PseudonymForm, { chosen: Map<string, string>; counters: Map<string, number> }>()
  return {
    of(form, original) {
      let state = forms.get(form)
      if (state === undefined) forms.set(form, (state = { chosen: new Map(), counters: new Map() }))
      const known = state.chosen.get(original)
      if (known !== undefined) return known
      const shape = form.shape(original)
      let n = state.counters.get(shape) ?? 0
      let candidate: string
      do candidate = form.candidate(original, (n += 1))
      while (taken.has(candidate) || originals.has(candidate))
      state.counters.set(shape, n)
      taken.add(candidate)
      state.chosen.set(original, candidate)
      return candidate
    },
  }
}

/** Command-line arguments: `arg1`; their length is not disclosed. */
export const ARGUMENT: PseudonymForm = { shape: () => '', candidate: (_, n) => `arg${n}` }

export const HOST: PseudonymForm = { shape: () => '', candidate: (_, n) => `host${n}` }

export const USER: PseudonymForm = { shape: () => '', candidate: (_, n) => `user${n}` }

/** Names of files and sockets, as long as the original where that can be: whether one fits into a socket name matters. */
export const NAME: PseudonymForm = {
  shape: original => String(original.length),
  candidate(original, n) {
    const { length } = original
    const spoken = `n${n}`
    if (spoken.length <= length) return spoken.padEnd(length, 'x')
    // Too short for words: digits, which grow when all of that length are taken.
    return n.toString(36).padStart(length, '0')
  },
}

/** Ids in hex (containers, UUIDs), as long as the original and different in their first digits. */
export const HEX_ID: PseudonymForm = {
  shape: original => String(original.length),
  candidate: (original, n) => n.toString(16).padStart(8, '0').padEnd(original.length, '0'),
}

/** Locally administered hardware addresses. */
export const HARDWARE_ADDRESS: PseudonymForm = {
  shape: () => '',
  candidate: (_, n) => `02${n.toString(16).padStart(10, '0')}`.replace(/..(?=.)/g, '$&:'),
}
