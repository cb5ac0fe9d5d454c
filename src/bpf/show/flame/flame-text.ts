import type { WeightedStack } from '../../model.ts'
import { foldedLines } from '../../../terminal/folded.ts'
import { flameFrames } from './flame-frames.ts'
import { flameSvg } from './flame-svg.ts'
import { speedscopeDocument } from './speedscope.ts'

/** A flame graph in the format that the ending of its file asks for: SVG, speedscope, folded text otherwise. */
export function flameText(
  file: string,
  stacks: readonly WeightedStack[],
  { title, unit }: { title: string; unit: string },
): string {
  if (file.endsWith('.svg')) return [...flameSvg(stacks, { title, unit })].join('')
  if (file.endsWith('.speedscope.json')) {
    const document = speedscopeDocument(stacks, { name: title, unit: unit === 'samples' ? 'none' : 'microseconds' })
    return `${JSON.stringify(document)}\n`
  }
  return [...foldedLines(stacks.map(stack => ({ frames: flameFrames(stack), weight: stack.weight })))].join('')
}
