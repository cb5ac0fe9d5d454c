/** Text as roff takes it, whatever it holds; a line of it is never a request. Source: groff_char(7), man(7). */
export function roffText(text: string): string {
  return text
    .split('\n')
    .map(line =>
      escaped(line)
        .replaceAll(LONG_WORD, word => word.replaceAll(/[,|/](?=.)/g, '$&\\:'))
        .replace(/^[.']/, '\\&$&'),
    )
    .join('\n')
}

/** What one types: every hyphen is the one of the keyboard, and nothing is broken. */
export function roffCode(text: string): string {
  return text.split('-').map(escaped).join('\\-').replace(/^[.']/, '\\&$&')
}

/** An argument of a request. */
export function roffArgument(text: string): string {
  return `"${text.replaceAll('"', '\\(dq')}"`
}

/** Longer words may be broken behind a comma, a bar or a slash: lines of 80 columns have no room for them. */
const LONG_WORD = /\S{25,}/g

const NAMED: Readonly<Record<string, string>> = {
  '\\': '\\e',
  '→': '\\(->',
  '←': '\\(<-',
  '×': '\\(mu',
  µ: '\\(mc',
  '…': '...',
  '~': '\\(ti',
  '^': '\\(ha',
  '`': '\\(ga',
  "'": '\\(aq',
}

function escaped(text: string): string {
  return text.replaceAll(/[\\~^`']|[^\x20-\x7e]/gu, character => {
    return NAMED[character] ?? `\\[u${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}]`
  })
}
