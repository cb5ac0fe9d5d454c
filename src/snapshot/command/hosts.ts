import { statSync } from 'node:fs'
import { join } from 'node:path'
import { writeRecording } from '../../cli/write-recording.ts'
import { optional, UsageError } from '../../errors.ts'
import type { HostChoice } from '../../fleet/index.ts'
import type { RecordedProc } from '../../proc/recorded-proc.ts'
import { snapshotText } from '../../proc/snapshot-format.ts'
import type { Warning } from '../../warnings.ts'
import { allNames, redactionOf } from '../../redact/redaction.ts'
import { namesOf, redactEntries, type Recorded } from '../redact/redact.ts'
import type { SavedHostJson } from '../show/fleet-saved.ts'
import { summariseSnapshot } from '../summary.ts'

export interface SavedHosts {
  hosts: SavedHostJson[]
  /** Host → files and folders that could not be read. */
  unreadable: Record<string, number>
  fleet: { answers: readonly unknown[]; failures: readonly unknown[] }
}

/** Writes one recording a host: `FOLDER/HOST.snap.json.gz` where the file is a folder, else that file, of the only host. */
export async function saveHosts(
  choice: HostChoice,
  file: string,
  redact: boolean,
  remark: (warning: Warning) => void,
): Promise<SavedHosts> {
  const { answeredHostJson, askFleet, silentHostsJson } = await import('../../fleet/index.ts')
  const fileOf = filesOf(file, choice.hosts)
  const fleet = await askFleet(choice, {}, remark)
  const hosts = new Map<string, SavedHostJson>(silentHostsJson(fleet).map(silent => [silent.host, silent]))
  const unreadable: Record<string, number> = {}
  const shown = shownOf(
    fleet.answers.map(({ sources }) => sources[0]!),
    redact,
  )
  // One after the other: each is a text of some megabytes.
  for (const answer of fleet.answers) {
    const source = answer.sources[0]!
    const path = fileOf(answer.host)
    const { meta, entries } = shown(source)
    const fileBytes = await writeRecording(path, snapshotText(meta, entries))
    const { processes, namespaces } = summariseSnapshot(source)
    hosts.set(answer.host, {
      ...answeredHostJson(answer),
      file: path,
      fileBytes,
      processes,
      namespaces: namespaces.length,
    })
    if (source.entries.errors.size > 0) unreadable[answer.host] = source.entries.errors.size
  }
  return { hosts: choice.hosts.flatMap(host => hosts.get(host) ?? []), unreadable, fleet }
}

/** What is written of a host: with pseudonyms that are the same in all files, so that their ends still join. */
function shownOf(sources: readonly RecordedProc[], redact: boolean): (source: RecordedProc) => Recorded {
  if (!redact) return source => source
  const redaction = redactionOf(allNames(sources.map(({ meta }) => namesOf(meta))), collecting => {
    for (const source of sources) redactEntries(source, collecting)
  })
  return source => redactEntries(source, redaction)
}

/** Names of hosts have no character that leaves a folder. */
function filesOf(file: string, hosts: readonly string[]): (host: string) => string {
  if (optional(() => statSync(file).isDirectory())) return host => join(file, `${host}.snap.json.gz`)
  if (hosts.length === 1) return () => file
  throw new UsageError(`${file} is no folder, and these are ${hosts.length} hosts`, {
    hint: 'name a folder that is there: each host gets a file of its name in it',
  })
}
