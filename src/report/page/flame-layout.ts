import type { FlameNode } from '../model.ts'

/** A frame as it is drawn: its place in shares of the width, and its level from the outermost. */
export interface Box {
  node: FlameNode
  parent: Box | undefined
  children: Box[]
  level: number
  from: number
  width: number
  /** Outside of what is zoomed to: as wide as all. */
  isAround: boolean
}

/** Narrower than this share nothing is seen. */
const LEAST_WIDTH = 1 / 3000

/** Boxes of a flame graph in which `focus` (a path of nodes from the root) is as wide as all. */
export function layout(root: FlameNode, focus: readonly FlameNode[]): Box[] {
  const boxes: Box[] = []
  const inner = focus.at(-1) ?? root
  const place = (node: FlameNode, parent: Box | undefined, level: number, from: number, width: number) => {
    const isAround = node !== inner && focus.includes(node)
    const box: Box = { node, parent, children: [], level, from, width, isAround }
    boxes.push(box)
    parent?.children.push(box)
    if (isAround) {
      place(focus[focus.indexOf(node) + 1]!, box, level + 1, 0, 1)
      return
    }
    let at = from
    for (const child of node[2]) {
      const share = (child[1] / node[1]) * width
      if (share >= LEAST_WIDTH) place(child, box, level + 1, at, share)
      at += share
    }
  }
  place(root, undefined, 0, 0, 1)
  return boxes
}

/** Weight of what is called so; a frame below another that matches is not counted twice. */
export function matched(node: FlameNode, isMatch: (name: number) => boolean): number {
  if (isMatch(node[0])) return node[1]
  return node[2].reduce((sum, child) => sum + matched(child, isMatch), 0)
}
