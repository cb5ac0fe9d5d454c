import { expect, test } from 'vitest'
import { flameSvg } from './flame-svg.ts'

const stack = (comm: string, kernel: string[], weight: number) => ({ pid: 7, comm, user: ['main'], kernel, weight })
const svg = (title: string, ...stacks: ReturnType<typeof stack>[]) =>
  [...flameSvg(stacks, { title, unit: 'samples' })].join('')

test('a box for each frame, as wide as its share, callers below', () => {
  const text = svg('t', stack('dd', ['read'], 3), stack('dd', ['write'], 1))
  const boxes = [
    ...text.matchAll(/<title>(.*?) \((\d+) samples, ([\d.]+) %\)<\/title><rect x="[\d.]+" y="(\d+)" width="([\d.]+)"/g),
  ]
  expect(boxes.map(([, name, weight, share, , width]) => [name, weight, share, width])).toEqual([
    ['all', '4', '100.00', '1180.0'],
    ['dd', '4', '100.00', '1180.0'],
    ['main', '4', '100.00', '1180.0'],
    ['read_[k]', '3', '75.00', '885.0'],
    ['write_[k]', '1', '25.00', '295.0'],
  ])
  const heights = boxes.map(box => Number(box[4]))
  expect(heights.slice(0, 4)).toEqual(heights.slice(0, 4).toSorted((a, b) => b - a))
})

test('nothing of a name or of the title is markup, and no control character is left: the file is XML', () => {
  const text = svg('host\x1b[2J <b>&"\x00', stack('</title><script>', ['a\x07&'], 1))
  // oxlint-disable-next-line no-control-regex
  expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f]/)
  expect(text).not.toContain('<script>')
  expect(text).toContain('host\\x1b[2J &lt;b&gt;&amp;&quot;\\x00')
  expect(text).toContain('&lt;/title&gt;&lt;script&gt;')
})

test('without a sample: only the frame of all', () => {
  expect(svg('t')).toMatch(/^<svg [^]*<\/svg>\n$/)
})
