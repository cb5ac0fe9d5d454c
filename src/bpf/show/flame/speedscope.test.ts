import { expect, test } from 'vitest'
import { speedscopeDocument } from './speedscope.ts'

test('frames are shared, weights add up', () => {
  const stack = (kernel: string[], weight: number) => ({ pid: 7, comm: 'dd', user: ['main'], kernel, weight })
  expect(speedscopeDocument([stack(['read'], 3), stack([], 2)], { name: 'n', unit: 'none' })).toMatchObject({
    shared: { frames: [{ name: 'dd' }, { name: 'main' }, { name: 'read_[k]' }] },
    profiles: [
      {
        type: 'sampled',
        unit: 'none',
        endValue: 5,
        samples: [
          [0, 1, 2],
          [0, 1],
        ],
        weights: [3, 2],
      },
    ],
  })
})
