import fc from 'fast-check'
import { expect, test } from 'vitest'
import { changedLines } from './changed-lines.ts'

/** A terminal that knows as much as is sent to it. */
function shown(screen: string[], sent: string): string[] {
  const lines = [...screen]
  let row = 0
  // oxlint-disable-next-line no-control-regex
  for (const [, sequence, text] of sent.matchAll(/\x1b(\[[?\d;]*[A-Za-z])|([^\x1b]+)/g)) {
    const at = /^\[(\d+);1H$/.exec(sequence ?? '')
    if (at !== null) {
      row = Number(at[1]) - 1
      lines[row] = ''
    } else if (sequence === '[2J') lines.fill('')
    if (text !== undefined) lines[row] += text
  }
  return lines
}

test('what is the same is not sent again', () => {
  expect(changedLines(['a', 'b', 'c'], ['a', 'x', 'c'])).toBe('\x1b[?2026h\x1b[2;1Hx\x1b[K\x1b[?2026l')
  expect(changedLines(['a'], ['a'])).toBe('')
})

test('a line with colours ends without them', () => {
  expect(changedLines(['a'], ['\x1b[7mb\x1b[27m'])).toContain('\x1b[27m\x1b[0m\x1b[K')
})

test('a screen shows what was meant, whatever it showed before', () => {
  const screens = fc.array(fc.stringMatching(/^[a-z ]{0,8}$/), { minLength: 4, maxLength: 4 })
  fc.assert(
    fc.property(fc.array(screens, { minLength: 1, maxLength: 6 }), frames => {
      let terminal = ['old', 'old', 'old', 'old']
      let before: string[] | undefined
      for (const frame of frames) {
        terminal = shown(terminal, changedLines(before, frame))
        expect(terminal).toEqual(frame)
        before = frame
      }
    }),
  )
})
