import { errnoOf } from '../../errors.ts'

/** Who holds one namespace, while it is being found. */
export interface FoundHolders {
  processes: number[]
  threads: { pid: number; tid: number }[]
  mounts: { pid: number | undefined; place: string }[]
  descriptors: { pid: number; fd: number }[]
}

export interface HolderSearch {
  /** By the name of the namespace: `net:[4026531840]`. */
  found: Map<string, FoundHolders>
  /** Processes seen. */
  processes: number
  /** Those of them whose own namespace is not known. */
  hidden: number[]
  /** Those whose threads, mounts or descriptors could not be looked at. */
  refused: Set<number>
  threadsCut: boolean
  descriptorsCut: boolean
}

export function holdersOf({ found }: HolderSearch, name: string): FoundHolders {
  let holders = found.get(name)
  if (holders === undefined) found.set(name, (holders = { processes: [], threads: [], mounts: [], descriptors: [] }))
  return holders
}

const REFUSALS: ReadonlySet<string> = new Set(['EACCES', 'EPERM'])

/** What `read` gives; a refusal is noted, what vanished is nothing. */
export function attempt<T>({ refused }: HolderSearch, pid: number, read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (REFUSALS.has(errnoOf(error))) refused.add(pid)
    return undefined
  }
}
