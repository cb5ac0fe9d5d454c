/** Keys as they are named here; a character that is typed is itself. */
export type Key = string

/** What terminals send. Source: xterm control sequences, console_codes(4). */
const SEQUENCES: Readonly<Record<string, Key>> = {
  '[A': 'up',
  '[B': 'down',
  '[C': 'right',
  '[D': 'left',
  OA: 'up',
  OB: 'down',
  OC: 'right',
  OD: 'left',
  '[H': 'home',
  '[F': 'end',
  OH: 'home',
  OF: 'end',
  '[1~': 'home',
  '[4~': 'end',
  '[7~': 'home',
  '[8~': 'end',
  '[5~': 'page-up',
  '[6~': 'page-down',
  '[3~': 'delete',
  '[Z': 'back-tab',
  OP: 'f1',
  '[11~': 'f1',
  '[13~': 'f3',
  OR: 'f3',
  '[14~': 'f4',
  OS: 'f4',
  '[17~': 'f6',
  '[21~': 'f10',
}

const CONTROLS: Readonly<Record<string, Key>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\x7f': 'backspace',
  '\b': 'backspace',
  '\x01': 'home',
  '\x02': 'page-up',
  '\x03': 'interrupt',
  '\x04': 'page-down',
  '\x05': 'end',
  '\x06': 'page-down',
  '\x0c': 'redraw',
  '\x0e': 'down',
  '\x10': 'up',
  '\x15': 'clear',
  '\x17': 'clear-word',
  '\x1a': 'suspend',
}

// oxlint-disable-next-line no-control-regex
const SEQUENCE = /^\x1b(\[[0-9;?<]*[ -/]*[@-~]|O[@-~])/

// oxlint-disable-next-line no-control-regex
const UNFINISHED = /\x1b(\[[0-9;?<]*|O)?$/

/** Where a sequence begins that has not come whole, or the key Escape alone: only time tells. Else the text's end. */
export function unfinishedAt(text: string): number {
  return UNFINISHED.exec(text)?.index ?? text.length
}

/**
 * What was typed, of the text that a terminal sent. A sequence that nothing is known of is left out; an escape alone is the
 * key.
 */
export function decodeKeys(text: string): Key[] {
  const keys: Key[] = []
  for (let at = 0; at < text.length;) {
    const rest = text.slice(at)
    if (rest.startsWith('\x1b')) {
      const [whole, sequence] = SEQUENCE.exec(rest) ?? []
      if (sequence !== undefined) {
        const key = SEQUENCES[sequence.replace(/^\[1;\d+([A-HF])$/, '[$1')]
        if (key !== undefined) keys.push(key)
        at += whole!.length
        continue
      }
      // Alt and a character: the character.
      keys.push('escape')
      at += 1
      continue
    }
    const character = String.fromCodePoint(rest.codePointAt(0)!)
    const control = CONTROLS[character]
    if (control !== undefined) keys.push(control)
    else if (character >= ' ') keys.push(character)
    at += character.length
  }
  return keys
}
