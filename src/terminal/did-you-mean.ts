/** Letters that may differ: one in a short word, more in a long one. */
const mostDifferent = (length: number) => (length <= 4 ? 1 : length <= 8 ? 2 : 3)

/** The known word that was probably meant: the one that differs least, or the only one that begins so. */
export function closest(word: string, known: Iterable<string>): string | undefined {
  const asked = word.toLowerCase()
  let best: string | undefined
  let least = mostDifferent(asked.length) + 1
  const begun: string[] = []
  for (const candidate of known) {
    const difference = distance(asked, candidate.toLowerCase())
    if (difference < least) {
      best = candidate
      least = difference
    }
    if (asked !== '' && candidate.toLowerCase().startsWith(asked)) begun.push(candidate)
  }
  return best ?? (begun.length === 1 ? begun[0] : undefined)
}

/** The hint to an unknown word: what was probably meant, or what else there is to do. */
export function didYouMean(word: string, known: Iterable<string>, otherwise?: string): string | undefined {
  const meant = closest(word, known)
  return meant === undefined ? otherwise : `did you mean ${meant}?`
}

/** No word that somebody typed is longer; what a script passed by mistake may be. */
const LONGEST = 64

/** Letters to add, take away, replace, or swap with their neighbour. */
function distance(one: string, other: string): number {
  if (one.length > LONGEST || other.length > LONGEST) return Infinity
  let before: number[] = []
  let last = Array.from({ length: other.length + 1 }, (_, i) => i)
  for (let i = 1; i <= one.length; i += 1) {
    const row = [i]
    for (let j = 1; j <= other.length; j += 1) {
      const isSame = one[i - 1] === other[j - 1]
      const swapped = one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1] ? before[j - 2]! + 1 : Infinity
      row.push(Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (isSame ? 0 : 1), swapped))
    }
    before = last
    last = row
  }
  return last[other.length]!
}
