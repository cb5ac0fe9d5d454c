import type { WeightedStack } from '../model.ts'
import { escapeBytes } from '../../terminal/escape.ts'

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

/** `bash;main;read;vfs_read_[k] 12`, the format of flamegraph.pl, inferno and speedscope; equal stacks as one. */
export function* foldedLines(stacks: readonly WeightedStack[]): Generator<string> {
  for (const [line, weight] of foldedWeights(stacks)) yield `${line} ${weight}\n`
}

function foldedWeights(stacks: readonly WeightedStack[]): Map<string, number> {
  const weights = new Map<string, number>()
  for (const stack of stacks) {
    // A semicolon inside a name would make two frames of it.
    const line = flameFrames(stack)
      .map(name => name.replaceAll(';', ':'))
      .join(';')
    weights.set(line, (weights.get(line) ?? 0) + stack.weight)
  }
  return weights
}
