/** A stack with a weight; frames are text that is safe to print, outermost first. */
export interface FoldedStack {
  frames: readonly string[]
  weight: number
}

/** `bash;main;read;vfs_read_[k] 12`, the format of flamegraph.pl, inferno and speedscope; equal stacks as one. */
export function* foldedLines(stacks: Iterable<FoldedStack>): Generator<string> {
  const weights = new Map<string, number>()
  for (const { frames, weight } of stacks) {
    // A semicolon inside a name would make two frames of it.
    const line = frames.map(name => name.replaceAll(';', ':')).join(';')
    weights.set(line, (weights.get(line) ?? 0) + weight)
  }
  for (const [line, weight] of weights) yield `${line} ${weight}\n`
}
