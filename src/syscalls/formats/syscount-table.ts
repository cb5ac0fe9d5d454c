/** A row of syscount: a call, how often it returned, and the wall time it took where `-L` asked for it. */
export interface SyscountRow {
  name: string
  calls: number
  wallNs: number | undefined
}

/**
 * Tables of syscount (libbpf-tools), with or without `-L`.
 *
 * Source: `[14:13:08]`, `SYSCALL                   COUNT        TIME (us)`, `getppid                     101           43.454`.
 * Calls newer than the tool are `[unknown: 451]`: `nameOf` knows better. Rows of several tables (`-i`) are added up.
 */
export function parseSyscount(text: string, nameOf: (number: number) => string): SyscountRow[] {
  const rows = new Map<string, SyscountRow>()
  for (const line of text.split('\n')) {
    const match = /^(\[unknown: (\d+)\]|\w+)\s+(\d+)(?:\s+(\d+\.\d+))?$/.exec(line.trimEnd())
    if (match === null) continue
    const name = match[2] === undefined ? match[1]! : nameOf(Number(match[2]))
    const row = rows.get(name) ?? { name, calls: 0, wallNs: undefined }
    row.calls += Number(match[3])
    if (match[4] !== undefined) row.wallNs = (row.wallNs ?? 0) + Math.round(Number(match[4]) * 1000)
    rows.set(name, row)
  }
  return [...rows.values()]
}
