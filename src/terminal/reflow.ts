import { textWidth } from './text-width.ts'
import { wrap } from './wrap.ts'

/** A part of a help section. */
export type Block =
  | { kind: 'blank' }
  | { kind: 'paragraph'; text: string }
  | { kind: 'entry'; name: string; text: string }

/** `name  text`: two blanks or more between the columns, and no more of a name than a column can hold. */
const ENTRY = /^(?=.{1,30} {2})(\S+(?: \S+)*) {2,}(\S.*)$/
/** Text narrower than this stands below its name. */
const LEAST_TEXT_WIDTH = 20
const STACKED_INDENT = 4

/**
 * Text of a help section at any width. Lines `name  text` stay two columns, a line that is indented continues the one
 * above, all others are paragraphs; an empty line stays.
 */
export function reflow(text: string, width: number): string {
  const blocks = blocksOf(text)
  const entry = entryLayout(
    blocks.flatMap(block => (block.kind === 'entry' ? [block.name] : [])),
    width,
  )
  return blocks
    .map(block => {
      if (block.kind === 'blank') return ''
      return block.kind === 'paragraph' ? wrap(block.text, width, 0) : entry(block.name, block.text)
    })
    .join('\n')
}

/** Lays out names with their texts: beside each other, or below where that leaves the texts too little room. */
export function entryLayout(names: readonly string[], width: number): (name: string, text: string) => string {
  const column = 2 + Math.max(0, ...names.map(textWidth))
  const stacked = width - column < LEAST_TEXT_WIDTH
  const indent = stacked ? STACKED_INDENT : column
  return (name, text) => {
    const lines = text.split('\n').flatMap(line => wrapAtBars(line, width - indent).split('\n'))
    const body = lines.join(`\n${' '.repeat(indent)}`)
    if (stacked) return `${name.trimStart()}\n${' '.repeat(indent)}${body}`
    return `${name}${' '.repeat(column - textWidth(name))}${body}`.trimEnd()
  }
}

/** Not a character of any text. */
const SEAM = '\0'

/** As {@link wrap}; alternatives (`process|thread|file`) that are too long for a line go on behind a bar. */
function wrapAtBars(text: string, width: number): string {
  const words = text.split(' ').map(word => (textWidth(word) > width ? word.replaceAll('|', `|${SEAM} `) : word))
  return wrap(words.join(' '), width, 0).replaceAll(`${SEAM} `, '').replaceAll(SEAM, '')
}

/** The parts of a help section, see {@link reflow}. */
export function blocksOf(text: string): Block[] {
  const blocks: Block[] = []
  for (const line of dedented(text)) {
    const last = blocks.at(-1)
    const entry = ENTRY.exec(line)
    if (line === '') blocks.push({ kind: 'blank' })
    else if (line.startsWith(' ') && last !== undefined && last.kind !== 'blank') last.text += ` ${line.trim()}`
    else if (entry !== null) blocks.push({ kind: 'entry', name: entry[1]!, text: entry[2]! })
    else if (last?.kind === 'paragraph') last.text += ` ${line.trim()}`
    else blocks.push({ kind: 'paragraph', text: line.trim() })
  }
  return blocks
}

/** Lines without the indentation they have in common; text that begins behind a backtick has none in its first line. */
function dedented(text: string): string[] {
  const [first = '', ...rest] = text.trimEnd().split('\n')
  const indents = rest.filter(line => line.trim() !== '').map(line => /^ */.exec(line)![0].length)
  const common = Math.min(...indents)
  const others = rest.map(line => line.slice(common).trimEnd())
  return first.trim() === '' ? others : [first.trim(), ...others]
}
