import { describe, expect, test } from 'vitest'
import { keysBar, messageBar, typingBar, viewBar } from './bars.ts'
import { createPaint } from './paint.ts'

const paint = createPaint(false)

describe('the bar of views', () => {
  test.each([
    [80, '[2 Connections]'],
    [40, '[2Conn]'],
    [24, '[2]'],
  ])('at %i columns', (width, shown) => {
    const line = viewBar('connections', 3, width, paint)
    expect(line).toContain(shown)
    expect(line.length).toBeLessThanOrEqual(width)
  })

  test('says how many findings there are, where there are some', () => {
    expect(viewBar('hosts', 3, 80, paint)).toContain('6 Findings 3')
    expect(viewBar('hosts', 0, 80, paint)).not.toContain('Findings 0')
  })
})

test('keys leave from the end where there is no room', () => {
  const keys = [
    ['q', 'quit'],
    ['space', 'pause'],
    ['?', 'help'],
  ] as const
  expect(keysBar(keys, 80, paint)).toBe('q quit  space pause  ? help')
  expect(keysBar(keys, 15, paint)).toBe('q quit  ? help')
})

test('the end of what is typed stays in sight, escaped', () => {
  expect(typingBar('a'.repeat(30), 12, paint)).toBe(`/${'a'.repeat(9)} `)
  expect(typingBar('\x1b', 12, paint)).toBe('/\\x1b ')
})

test('a message is cut to the width', () => {
  expect(messageBar('x'.repeat(30), false, 10, paint).length).toBe(10)
})

test.each([0, 1, 2, 3])('at %i columns what is typed has an end, too', width => {
  expect(typingBar('sport = :80', width, paint)).toBe('/ ')
})

test('a key says in fewer words what it does, before it leaves', () => {
  const keys = [
    ['s', 'sort: IN+OUT', 'sort'],
    ['q', 'quit'],
  ] as const
  expect(keysBar(keys, 22, paint)).toBe('s sort: IN+OUT  q quit')
  expect(keysBar(keys, 13, paint)).toBe('s sort')
})
