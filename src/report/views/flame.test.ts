import { expect, test } from 'vitest'
import { flameView } from './flame.ts'

const of = (...stacks: [frames: string, weight: number][]) =>
  flameView(
    stacks.map(([frames, weight]) => ({ frames: frames.split(' '), weight })),
    { title: 't', unit: 'samples' },
  )

test('equal frames are one, by name; weights add up', () => {
  const view = of(['main read', 3], ['main', 1], ['idle', 2], ['main read', 4])!
  expect(view.names).toEqual(['all', 'idle', 'main', 'read'])
  expect(view.root).toEqual([
    0,
    10,
    [
      [1, 2, []],
      [2, 8, [[3, 7, []]]],
    ],
  ])
})

test('what nobody could see is left out, but not its weight', () => {
  expect(of(['main rare', 1], ['main', 99_999])!.root).toEqual([0, 100_000, [[1, 100_000, []]]])
})

test('without weight there is none', () => {
  expect(of()).toBeUndefined()
  expect(of(['main', 0])).toBeUndefined()
})
