/** Numbers addresses as they come; hosts have few of them, so text is made once for each. */
export class AddressBook {
  /** The address of each number. */
  readonly texts: string[] = []
  readonly #byText = new Map<string, number>()
  readonly #byKey = new Map<number | string, number>()

  find(text: string): number | undefined {
    return this.#byText.get(text)
  }

  add(text: string): number {
    const known = this.#byText.get(text)
    if (known !== undefined) return known
    this.#byText.set(text, this.texts.length)
    return this.texts.push(text) - 1
  }

  /** Number of the address that a table writes as `key` (the word of an IPv4 address, the digits of an IPv6 one), -1 where it is new. */
  ofKey(key: number | string): number {
    return this.#byKey.get(key) ?? -1
  }

  learn(key: number | string, text: string): number {
    const id = this.add(text)
    this.#byKey.set(key, id)
    return id
  }
}
