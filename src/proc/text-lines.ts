import { QUOTE_BYTES, type BogusLine } from './bogus-line.ts'

/** Rows of a small table of /proc/net whose first line is a header; a line `parse` refuses is bogus. */
export function parseLines<Row>(
  bytes: Buffer,
  file: string,
  parse: (line: string) => Row | undefined,
): { rows: Row[]; bogus: BogusLine[] } {
  const rows: Row[] = []
  const bogus: BogusLine[] = []
  const lines = bytes.toString('latin1').split('\n')
  for (let i = 1; i < lines.length; i += 1) {
    const line = lines[i]!
    if (line.trim() === '') continue
    const row = parse(line)
    if (row === undefined) bogus.push({ file, line: i + 1, text: line.slice(0, QUOTE_BYTES) })
    else rows.push(row)
  }
  return { rows, bogus }
}
