import { expect, test } from 'vitest'
import { Screen } from './screen.ts'

test('enters once, draws from the top, leaves once', () => {
  const screen = new Screen()
  expect(screen.leave('never drawn')).toBe('')
  expect(screen.draw('one\ntwo\n', 24)).toBe('\x1b[?1049h\x1b[H\x1b[Jone\ntwo')
  expect(screen.draw('three\n', 24)).toBe('\x1b[H\x1b[Jthree')
  expect(screen.leave('last\n')).toBe('\x1b[?1049llast\n')
  expect(screen.leave('last\n')).toBe('')
})

test('what has no room is counted', () => {
  expect(new Screen().draw('1\n2\n3\n4\n', 3)).toMatch(/1\n2\n2 more lines$/)
  expect(new Screen().draw('1\n2\n3\n', 3)).toMatch(/1\n2\n3$/)
})
