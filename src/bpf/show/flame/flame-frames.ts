import type { WeightedStack } from '../../model.ts'
import { escapeBytes } from '../../../terminal/escape.ts'

/** Marks frames of the kernel, as flame graph tools expect. */
const KERNEL_MARK = '_[k]'

/** All frames of a stack under the name of its process, outermost first, safe to print. */
export function flameFrames({ comm, pid, user, kernel }: WeightedStack): string[] {
  return [
    comm === '' ? `pid ${pid}` : escapeBytes(comm),
    ...user.map(escapeBytes),
    ...kernel.map(name => `${escapeBytes(name)}${KERNEL_MARK}`),
  ]
}
