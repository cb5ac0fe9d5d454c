import { unreadableRemedy } from '../../processes/unreadable-remedy.ts'
import type { ProcView } from '../../processes/proc-view.ts'
import type { Warning } from '../../warnings.ts'
import { namespaceTitle } from './label.ts'
import { nameText } from './name-text.ts'
import type { NetworkNamespace } from '../model.ts'
import type { HolderSearch } from '../search/found.ts'

/** What the search for namespaces could not look at; `view` is that of the reader, absent for a recording. */
export function searchWarnings(search: HolderSearch, view: ProcView | undefined): Warning[] {
  const warnings: Warning[] = []
  const hidden = search.hidden.length
  const refused = search.refused.size - hidden
  const hint = view && unreadableRemedy(view)
  if (hidden > 0)
    warnings.push({
      code: 'namespaces-hidden',
      message: `the network namespace of ${hidden} process${hidden === 1 ? '' : 'es'} could not be read`,
      hint,
    })
  else if (refused > 0)
    warnings.push({
      code: 'namespaces-hidden',
      message: `${refused} of ${search.processes} processes could not be looked into: a network namespace that only one of their threads, mounts or descriptors holds is not shown`,
      hint,
    })
  if (view?.hidepid)
    warnings.push({
      code: 'processes-hidden',
      message:
        '/proc is mounted with hidepid and shows no process of other users: their network namespaces are not shown',
      hint,
    })
  if (view?.inPidNamespace)
    warnings.push({
      code: 'pid-namespace',
      message: 'only the processes of this pid namespace can be seen: network namespaces of others are not shown',
      hint: "run it on the host, or in a container that shares the host's pid namespace",
    })
  const cut = [search.threadsCut && 'threads', search.descriptorsCut && 'descriptors'].filter(what => what !== false)
  if (cut.length > 0)
    warnings.push({
      code: 'namespaces-unsearched',
      message: `there are too many ${cut.join(' and ')} to look at all: a network namespace that only one of the others holds is not shown`,
    })
  return warnings
}

/** Namespaces that are told by name. */
const MOST_NAMED = 3

/** Namespaces that nothing here can read: no process shows them. `live` as against a recording, which lacks their tables. */
export function unreadableWarnings(namespaces: readonly NetworkNamespace[], live: boolean): Warning[] {
  const count = namespaces.length
  if (count === 0) return []
  const named = namespaces
    .slice(0, MOST_NAMED)
    .map(namespace => `${namespace.name} (${nameText(namespaceTitle(namespace))})`)
  const more = count > MOST_NAMED ? ` and ${count - MOST_NAMED} more` : ''
  return [
    {
      code: 'namespaces-unreadable',
      message: `${count} network namespace${count === 1 ? '' : 's'} could not be read: ${named.join(', ')}${more}`,
      hint: live
        ? 'no process is in them: that takes root, and the package koffi to enter them'
        : 'the recording does not hold their tables',
    },
  ]
}
