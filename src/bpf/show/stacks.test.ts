import { expect, test } from 'vitest'
import { stackLines } from './stacks.ts'

const stack = (weight: number) => ({
  comm: 'a\x1b',
  pid: 7,
  user: ['main', 'std::map<int, long>::at(int const&)'],
  kernel: ['entry', 'vfs_read'],
  weight,
})

test('innermost frame first, kernel above user, the heaviest stack nearest to the prompt', () => {
  expect([...stackLines([stack(5), stack(2)], 'samples', Infinity)].join('')).toBe(
    [2, 5]
      .map(
        weight => `    vfs_read
    entry
    --
    std::map<int, long>::at(int const&)
    main
    -                a\\x1b (7)
        ${weight} samples

`,
      )
      .join(''),
  )
})

test('long frames lose their middle on a narrow terminal', () => {
  const lines = [...stackLines([stack(1)], 'samples', 24)].join('').split('\n')
  expect(lines[3]).toBe('    std::map<i…(int const&)'.slice(0, 14) + lines[3]!.slice(14))
  expect(lines[3]).toHaveLength(24)
  expect(lines[3]).toContain('…')
})

test('whose stack it is moves nearer, then loses its middle, on a narrow terminal', () => {
  const owner = (width: number) =>
    [...stackLines([{ ...stack(1), comm: 'rolldown-worker', pid: 13491 }], 'samples', width)]
      .join('')
      .split('\n')
      .at(-4)
  expect(owner(44)).toBe('    -                rolldown-worker (13491)')
  expect(owner(40)).toBe('    -            rolldown-worker (13491)')
  expect(owner(20)).toBe('    - rolldow…13491)')
})
