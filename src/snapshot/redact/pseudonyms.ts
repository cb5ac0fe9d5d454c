/** How the stand-ins of one kind of value look. */
export interface StandInForm {
  /** Values of one shape draw from one sequence. */
  shape(original: string): string
  /** The n-th candidate (from 1) for a value of this shape; candidates must go on for ever. */
  candidate(original: string, n: number): string
}

/**
 * Stand-ins for values that must not be told: the same value always gets the same one, different values different
 * ones, and no stand-in equals a value that occurs somewhere.
 */
export interface StandIns {
  of(form: StandInForm, original: string): string
}

/** Takes the part of stand-ins on a first pass that only finds out which values occur. */
export function createCensus(): StandIns & { readonly originals: Set<string> } {
  const originals = new Set<string>()
  return {
    originals,
    of(_form, original) {
      originals.add(original)
      return original
    },
  }
}

/** @param originals Every value that occurs, none of which may become a stand-in. */
export function createStandIns(originals: ReadonlySet<string>): StandIns {
  const taken = new Set<string>()
  const forms = new Map<StandInForm, { chosen: Map<string, string>; counters: Map<string, number> }>()
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

/** Command-line arguments: `arg1`; their length is nobody's business. */
export const ARGUMENT: StandInForm = { shape: () => '', candidate: (_, n) => `arg${n}` }

export const HOST: StandInForm = { shape: () => '', candidate: (_, n) => `host${n}` }

export const USER: StandInForm = { shape: () => '', candidate: (_, n) => `user${n}` }

/** Names of files and sockets, as long as the original where that can be: whether one fits into a socket name matters. */
export const NAME: StandInForm = {
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
export const HEX_ID: StandInForm = {
  shape: original => String(original.length),
  candidate: (original, n) => n.toString(16).padStart(8, '0').padEnd(original.length, '0'),
}

/** Locally administered hardware addresses. */
export const HARDWARE_ADDRESS: StandInForm = {
  shape: () => '',
  candidate: (_, n) => `02${n.toString(16).padStart(10, '0')}`.replace(/..(?=.)/g, '$&:'),
}
