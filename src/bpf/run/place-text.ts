import { SCRIPT_BEAT } from '../jobs/build.ts'
import type { SourcePlace } from '../model.ts'

/** `line 3, columns 5-9: BEGIN { x }`, or the end of the script where the place is in what linsight adds to it. */
export function placeText({ line, columns }: SourcePlace, program: string): string {
  const text = program.split('\n')[line - 1]
  if (text === undefined || text.includes(`"${SCRIPT_BEAT}"`)) return 'at the end of the script'
  const where = columns === undefined ? `line ${line}` : `line ${line}, ${columnsText(columns)}`
  return `${where}: ${text.trim()}`
}

/** bpftrace counts columns from 1; the second number is that of the character behind. */
function columnsText([from, to]: readonly [number, number]): string {
  return to - 1 <= from ? `column ${from}` : `columns ${from}-${to - 1}`
}
