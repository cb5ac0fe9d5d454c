const NAMED: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  f: '\f',
  v: '\v',
  a: '\x07',
  b: '\b',
  e: '\x1b',
}

/** The bytes behind C escapes as strace prints them: `\n`, `\"`, `\74`, `\x3c`. Result and argument are byte strings. */
export function unescapeC(text: string): string {
  if (!text.includes('\\')) return text
  return text.replace(
    /\\(?:x([0-9a-f]{1,2})|([0-7]{1,3})|([^]))/g,
    (_, hex?: string, octal?: string, other?: string) => {
      if (hex !== undefined) return String.fromCharCode(parseInt(hex, 16))
      if (octal !== undefined) return String.fromCharCode(parseInt(octal, 8) & 0xff)
      return NAMED[other!] ?? other!
    },
  )
}

/** The strings of `["sh", "-c", "echo \"hi\""...]`, unescaped; `…` marks one that strace cut. */
export function parseStringList(text: string): string[] {
  return [...text.matchAll(/"((?:[^"\\]|\\[^])*)"(\.\.\.)?/g)].map(
    match => unescapeC(match[1]!) + (match[2] === undefined ? '' : '...'),
  )
}
