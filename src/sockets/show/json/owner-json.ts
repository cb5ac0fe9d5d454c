import type { HeldBy, Owner } from '../../../processes/owner.ts'
import { processJson, type ProcessJson } from '../../../processes/show/process-json.ts'

/** A process that holds a socket. */
export interface OwnerJson extends ProcessJson {
  fds: number[]
  heldBy: HeldBy
  /** Threads, where one thread alone holds it. */
  tids?: number[] | undefined
}

export function ownerJson(owner: Owner): OwnerJson {
  return { ...processJson(owner.process), fds: owner.fds, heldBy: owner.heldBy, tids: owner.tids }
}
