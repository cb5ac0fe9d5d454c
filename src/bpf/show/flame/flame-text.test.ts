import { expect, test } from 'vitest'
import { flameText } from './flame-text.ts'
import { flameSvg } from './flame-svg.ts'
import { speedscopeDocument } from './speedscope.ts'
import { stackLines } from '../stacks.ts'

const stacks = [
  { pid: 7, comm: 'dd', user: ['main', 'std::map<int; long>::at'], kernel: ['entry', 'vfs_read'], weight: 12 },
  { pid: 7, comm: 'dd', user: ['main', 'std::map<int; long>::at'], kernel: ['entry', 'vfs_read'], weight: 3 },
  { pid: 8, comm: '\x1b[2J', user: [], kernel: ['schedule'], weight: 5 },
]

test('folded: outermost first, equal stacks as one, no stray separators', () => {
  expect(flameText('out.txt', stacks, { title: 'profile', unit: 'samples' })).toBe(
    'dd;main;std::map<int: long>::at;entry_[k];vfs_read_[k] 15\n\\x1b[2J;schedule_[k] 5\n',
  )
})

test('speedscope: frames shared, weights add up', () => {
  const document = speedscopeDocument(stacks, { name: 'profile', unit: 'none' }) as {
    $schema: string
    shared: { frames: { name: string }[] }
    profiles: { samples: number[][]; weights: number[]; endValue: number; type: string }[]
  }
  expect(document.$schema).toBe('https://www.speedscope.app/file-format-schema.json')
  const [profile] = document.profiles
  expect(profile).toMatchObject({ type: 'sampled', weights: [12, 3, 5], endValue: 20 })
  const named = profile!.samples.map(sample => sample.map(frame => document.shared.frames[frame]!.name))
  expect(named[0]).toEqual(['dd', 'main', 'std::map<int; long>::at', 'entry_[k]', 'vfs_read_[k]'])
  expect(new Set(document.shared.frames.map(frame => frame.name)).size).toBe(document.shared.frames.length)
})

test('an SVG that stands alone, with names escaped', () => {
  const svg = [
    ...flameSvg([...stacks, { pid: 1, comm: '<script>', user: ['a"&\'b'], kernel: [], weight: 100 }], {
      title: 'a & b',
      unit: 'samples',
    }),
  ].join('')
  expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"/)
  expect(svg).toMatch(/<\/svg>\n$/)
  expect(svg).toContain('<text x="600" y="20" text-anchor="middle" font-size="14">a &amp; b</text>')
  expect(svg).toContain('&lt;script&gt; (100 samples, 83.33 %)')
  expect(svg).toContain('a&quot;&amp;&#39;b')
  expect(svg).not.toMatch(/<script|\x1b|href|<image/)
  // Every element is closed: as many openings as endings.
  expect(svg.match(/<g>/g)!.length).toBe(svg.match(/<\/g>/g)!.length)
})

test('nothing traced is still a graph', () => {
  expect([...flameSvg([], { title: 't', unit: 'samples' })].join('')).toMatch(/<text[^>]*>t<\/text>\n<\/svg>\n$/)
  expect(flameText('out.txt', [], { title: 't', unit: 'samples' })).toBe('')
})

test('stacks as text: innermost first, heaviest last', () => {
  expect([...stackLines(stacks.slice(0, 1), 'samples', Infinity)].join('')).toBe(`    vfs_read
    entry
    --
    std::map<int; long>::at
    main
    -                dd (7)
        12 samples

`)
})
