/**
 * netstat's order: the name without its digits at the end, then these as a number, aliases (`eth0:1`) behind their
 * interface. `eth2` stands before `eth10`.
 */
export function inNetstatOrder<Named extends { name: string }>(interfaces: readonly Named[]): Named[] {
  return interfaces
    .map(each => ({ each, key: keyOf(each.name) }))
    .toSorted((a, b) => compare(a.key, b.key))
    .map(({ each }) => each)
}

interface Key {
  stem: string
  number: number
  base: string
  alias: number
}

function keyOf(name: string): Key {
  const [, base = '', alias] = /^(.*?)(?::(\d+))?$/s.exec(name)!
  const [, stem = '', digits = ''] = /^(.*?)(\d*)$/s.exec(base)!
  return { stem, number: Number(digits), base, alias: alias === undefined ? -1 : Number(alias) }
}

function compare(a: Key, b: Key): number {
  const shared = Math.min(a.stem.length, b.stem.length)
  return (
    compareText(a.stem.slice(0, shared), b.stem.slice(0, shared)) ||
    a.stem.length - b.stem.length ||
    a.number - b.number ||
    compareText(a.base, b.base) ||
    a.alias - b.alias
  )
}

const compareText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
