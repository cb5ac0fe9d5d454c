import { existsSync } from 'node:fs'
import { writeRecording } from '../../cli/write-recording.ts'
import { snapshotText } from '../../proc/snapshot-format.ts'
import type { ProcSource } from '../../proc/proc-source.ts'

/** Writes a snapshot of this moment into the current folder, under a name that is free; its name. */
export async function writeSnapshot(source: ProcSource, at: Date): Promise<string> {
  const { recordSnapshot } = await import('../../snapshot/index.ts')
  const recording = recordSnapshot(source, {})
  const host = (source.meta.host ?? 'host').replaceAll(/[^\w.-]/g, '_').replace(/^[-.]+/, '')
  const time = at
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(':', '')
  const base = `${host || 'host'}-${time}`
  let name = `${base}.snap.json.gz`
  for (let count = 2; existsSync(name); count += 1) name = `${base}-${count}.snap.json.gz`
  await writeRecording(name, snapshotText(recording.meta, recording.entries))
  return name
}
