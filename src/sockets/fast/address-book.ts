/** Numbers addresses as they come; hosts have few of them, so text is made once for each. */
export class AddressBook {
  /** The address of each number. */
  readonly texts: string[] = []
  readonly #byText = new Map<string, number>()
  readonly #byKey = new Map<number | string, number>()
  // The last keys of IPv4 by a hash of them: nearly always the answer, without a look-up.
  readonly #recentKey = new Float64Array(256).fill(-1)
  readonly #recent = new Uint32Array(256)

  find(text: string): number | undefined {
    return this.#byText.get(text)
  }

  add(text: string): number {
    const known = this.#byText.get(text)
    if (known !== undefined) return known
    this.#byText.set(text, this.texts.length)
    return this.texts.push(text) - 1
  }

  /** Number of the IPv4 address that a table writes as `word`, -1 where it has not been learnt. */
  ofWord(word: number): number {
    const at = (word ^ (word >>> 24)) & 255
    return this.#recentKey[at] === word ? this.#recent[at]! : this.#remember(word, at)
  }

  /** Number of the IPv6 address that a table writes as `digits`, -1 where it has not been learnt. */
  ofDigits(digits: string): number {
    return this.#byKey.get(digits) ?? -1
  }

  learn(key: number | string, text: string): number {
    const id = this.add(text)
    this.#byKey.set(key, id)
    return id
  }

  #remember(word: number, at: number): number {
    const id = this.#byKey.get(word)
    if (id === undefined) return -1
    this.#recentKey[at] = word
    this.#recent[at] = id
    return id
  }
}
