import type { WeightedStack } from '../../model.ts'
import { flameFrames } from './flame-frames.ts'

/**
 * Stacks as a file for speedscope.app: one sampled profile, frames shared.
 *
 * Source: https://www.speedscope.app/file-format-schema.json
 */
export function speedscopeDocument(
  stacks: readonly WeightedStack[],
  { name, unit }: { name: string; unit: 'none' | 'microseconds' },
): object {
  const frames = new Map<string, number>()
  const indexOf = (frame: string) => {
    const known = frames.get(frame)
    if (known !== undefined) return known
    frames.set(frame, frames.size)
    return frames.size - 1
  }
  const samples = stacks.map(stack => flameFrames(stack).map(indexOf))
  const weights = stacks.map(stack => stack.weight)
  return {
    $schema: 'https://www.speedscope.app/file-format-schema.json',
    name,
    exporter: 'linsight',
    activeProfileIndex: 0,
    shared: { frames: [...frames.keys()].map(frame => ({ name: frame })) },
    profiles: [
      { type: 'sampled', name, unit, startValue: 0, endValue: weights.reduce((a, b) => a + b, 0), samples, weights },
    ],
  }
}
