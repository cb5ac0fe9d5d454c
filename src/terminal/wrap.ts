import { textWidth } from './text-width.ts'

/** Text broken at blanks into lines of at most `width` columns, all but the first indented (that one keeps its own blanks); one line where it is Infinity. */
export function wrap(text: string, width: number, indent: number): string {
  const lines: string[] = []
  const [begin] = /^ */.exec(text)!
  let line = ''
  for (const word of text.slice(begin.length).split(' ')) {
    const room = width - (lines.length === 0 ? begin.length : indent)
    if (line !== '' && textWidth(line) + 1 + textWidth(word) > room) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return begin + [...lines, line].join(`\n${' '.repeat(indent)}`)
}
