import { narrowed, sum } from './fit.ts'
import { textWidth } from './text-width.ts'

const MARK = '…'

/** Marks without width that a text may heap on one character: what is beyond is cut, whatever its width. */
const MARKS_PER_COLUMN = 4

/** A text of at most `width` columns: what is too long loses its middle, where paths and names say least. Colours stay. */
export function shorten(text: string, width: number): string {
  if (textWidth(text) <= width) return text
  const characters = charactersOf(text)
  // Two characters may be wider together than each by itself: a heart and the mark that makes it an emoji.
  for (let room = width - 1; room >= 0; room -= 1) {
    const short = withoutMiddle(characters, Math.ceil(room / 2), Math.floor(room / 2))
    if (textWidth(short) <= width) return short
  }
  return ''
}

/** An item with fewer columns than this says nothing. */
const LEAST_ITEM = 8

/**
 * A list of at most `width` columns: each item loses its own middle, so that two never look like one, and items leave
 * from the end where there is no room for all.
 */
export function shortenItems(text: string, width: number, separator: string): string {
  if (textWidth(text) <= width) return text
  const items = text.split(separator)
  const between = textWidth(separator)
  for (let count = items.length; count > 0; count -= 1) {
    const more = count < items.length ? separator + MARK : ''
    const room = width - textWidth(more) - between * (count - 1)
    const natural = items.slice(0, count).map(textWidth)
    const least = natural.map(wide => Math.min(wide, LEAST_ITEM))
    if (count > 1 && sum(least) > room) continue
    const widths = narrowed(natural, least, room)
    return shorten(widths.map((wide, i) => shorten(items[i]!, wide)).join(separator) + more, width)
  }
  return shorten(text, width)
}

function withoutMiddle(characters: readonly string[], head: number, tail: number): string {
  const begin = columnsOf(characters, head)
  let end = characters.length - columnsOf(characters.slice(begin).toReversed(), tail)
  // A mark belongs to the letter before it.
  while (end < characters.length && textWidth(characters[end]!) === 0 && !isColour(characters[end]!)) end += 1
  const colours = characters.slice(begin, end).filter(isColour)
  return [...characters.slice(0, begin), MARK, ...colours, ...characters.slice(end)].join('')
}

/** How many of the characters fit into `width` columns. */
function columnsOf(characters: readonly string[], width: number): number {
  if (width === 0) return 0
  let taken = 0
  let count = 0
  for (const character of characters) {
    taken += textWidth(character)
    if (taken > width || count > width * MARKS_PER_COLUMN) return count
    count += 1
  }
  return count
}

/** Code points, and each colour sequence as one. */
function charactersOf(text: string): string[] {
  // oxlint-disable-next-line no-control-regex
  return text.match(/\x1b\[[\d;]*m|[^]/gu) ?? []
}

const isColour = (character: string) => character.length > 2
