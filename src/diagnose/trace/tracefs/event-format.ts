/** Where the fields of an event stand in its record. */
export interface EventFormat {
  id: number
  /** `ret` → its place and how many bytes it has. */
  fields: ReadonlyMap<string, { at: number; bytes: number }>
}

/**
 * events/GROUP/NAME/format of tracefs. `ID: 21` and, for each field, `	field:long ret;	offset:16;	size:8;	signed:1;`.
 * Undefined where the text is not of that form. Source: Documentation/trace/events.rst.
 */
export function parseEventFormat(text: string): EventFormat | undefined {
  const id = /^ID: (\d+)$/m.exec(text)?.[1]
  if (id === undefined) return undefined
  const fields = [...text.matchAll(/^\tfield:[^;]*?(\w+)(?:\[\d*\])?;\s+offset:(\d+);\s+size:(\d+);/gm)]
  return {
    id: Number(id),
    fields: new Map(fields.map(([, name, at, bytes]) => [name!, { at: Number(at), bytes: Number(bytes) }])),
  }
}
