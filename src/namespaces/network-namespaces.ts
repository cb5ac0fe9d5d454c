import { optional } from '../errors.ts'
import type { Libc } from '../libc/libc.ts'
import type { ProcSource } from '../proc/proc-source.ts'
import { readPodNames, type PodNames } from '../processes/pods/pod-names.ts'
import { readProcView } from '../processes/proc-view.ts'
import type { Warning } from '../warnings.ts'
import { addCookies } from './cookies.ts'
import type { NetworkNamespace } from './model.ts'
import { labelOf } from './rules/label.ts'
import { searchWarnings } from './rules/warnings.ts'
import { describeNamespace } from './search/describe.ts'
import { searchHolders, type HolderOptions } from './search/holders.ts'

export interface NamespaceOptions extends HolderOptions {
  /** Live, as root: the kernel is asked for the cookie of each, which is never given twice. */
  libc?: Libc | undefined
  /** Nobody asks when a process that is alone in its namespace started: identities may lack it. */
  skipStarts?: boolean
}

export interface FoundNamespaces {
  /** The reader's own first, then by number. */
  namespaces: NetworkNamespace[]
  /** What could not be looked at. */
  warnings: Warning[]
}

/**
 * Every network namespace that a process, a thread, a mount or a descriptor holds, with its label. A recording without
 * processes is one of one namespace. {@link import('./inside.ts').inNamespace} reads one of them.
 *
 * Not shown: a namespace that only an open socket holds; nothing in /proc names it.
 */
export function networkNamespaces(source: ProcSource, options: NamespaceOptions = {}): FoundNamespaces {
  const search = searchHolders(source, options)
  const own = source.meta.netns ?? optional(() => source.readLink('self/ns/net'))
  if (search.found.size === 0 && !source.isThisMachine) return { namespaces: [ofRecording(own)], warnings: [] }
  // Read where some namespace is that of a pod.
  let names: PodNames | undefined
  const podNames = () => (names ??= readPodNames(source))
  const namespaces = [...search.found].map(([name, holders]) =>
    describeNamespace(source, name, holders, own, { ...options, podNames }),
  )
  if (options.libc !== undefined && source.isThisMachine) addCookies(options.libc, namespaces)
  namespaces.sort((a, b) => Number(b.isOwn) - Number(a.isOwn) || byNumber(a, b))
  return { namespaces, warnings: searchWarnings(search, source.isThisMachine ? readProcView(source) : undefined) }
}

/** Numbers of one length compare as texts; those that are not known come last. */
function byNumber(a: NetworkNamespace, b: NetworkNamespace): number {
  if ((a.inode === undefined) !== (b.inode === undefined)) return a.inode === undefined ? 1 : -1
  return a.name.length - b.name.length || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)
}

function ofRecording(own: string | undefined): NetworkNamespace {
  const inode = own === undefined ? undefined : /^net:\[(\d+)\]$/.exec(own)?.[1]
  const nothing = {
    names: [],
    pod: undefined,
    podName: undefined,
    container: undefined,
    unit: undefined,
    program: undefined,
  }
  return {
    inode,
    name: own ?? 'not recorded',
    identity: { inode, oldestStart: undefined, cookie: undefined },
    holders: { processes: [], threads: [], mounts: [], descriptors: [] },
    ...nothing,
    ...labelOf({
      ...nothing,
      isFirst: false,
      isRecording: true,
      thread: undefined,
      mount: undefined,
      descriptor: undefined,
    }),
    runtime: undefined,
    pid: undefined,
    pidInside: undefined,
    isOwn: true,
    folders: [''],
    entrances: [],
  }
}
