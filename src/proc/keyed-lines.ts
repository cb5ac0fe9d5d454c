/**
 * Lines of the form key, separator, value: `CapEff:\t000001ffffffffff` of /proc/PID/status, `ID="debian"` of os-release.
 * Quotes around a value are taken off; a key that comes twice keeps its first value.
 */
export function parseKeyedLines(text: string, separator: ':' | '='): Map<string, string> {
  const values = new Map<string, string>()
  for (const line of text.split('\n')) {
    const at = line.indexOf(separator)
    if (at <= 0 || line.startsWith('#')) continue
    const key = line.slice(0, at).trim()
    const value = line.slice(at + 1).trim()
    if (!values.has(key)) values.set(key, value.replace(/^(["'])(.*)\1$/, '$2'))
  }
  return values
}
