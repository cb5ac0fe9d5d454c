/**
 * Names of the fields of a tracepoint.
 *
 * Source: events/CATEGORY/NAME/format below tracefs:
 * `\tfield:__u8 saddr_v6[16];\toffset:40;\tsize:16;\tsigned:0;`
 */
export function parseTracepointFields(content: Buffer): Set<string> {
  const fields = new Set<string>()
  for (const match of content.toString('latin1').matchAll(/^\tfield:[^;]*?(\w+)(?:\[[^\]]*\])?;/gm))
    fields.add(match[1]!)
  return fields
}
