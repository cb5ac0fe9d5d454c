import { shorten } from '../../terminal/shorten.ts'
import { escapeText } from '../../terminal/escape.ts'
import { textWidth } from '../../terminal/text-width.ts'
import { VIEWS, type ViewName } from '../model.ts'
import { fit } from './column.ts'
import type { Paint } from './paint.ts'

const TITLES: Readonly<Record<ViewName, readonly [long: string, short: string]>> = {
  processes: ['Processes', 'Proc'],
  connections: ['Connections', 'Conn'],
  listeners: ['Listeners', 'List'],
  'time-wait': ['TIME_WAIT', 'TW'],
  hosts: ['Hosts', 'IP'],
  findings: ['Findings', 'Find'],
}

/** `[1 Processes] 2 Connections …`: the view that is shown stands in brackets. `found`: how many findings there are. */
export function viewBar(shown: ViewName, found: number | undefined, width: number, paint: Paint): string {
  const labels = (form: 0 | 1 | 2) =>
    VIEWS.map((name, i) => {
      const count = name === 'findings' && found !== undefined && found > 0 ? ` ${found}` : ''
      return `${i + 1}${form === 0 ? ' ' : ''}${form === 2 ? '' : TITLES[name][form]}${form === 2 ? '' : count}`
    })
  const wide = (form: 0 | 1 | 2) => labels(form).reduce((sum, label) => sum + label.length + 2, 0)
  const form = ([0, 1, 2] as const).find(candidate => wide(candidate) <= width) ?? 2
  const line = labels(form).map((label, i) => {
    if (VIEWS[i] === shown) return paint.bar(`[${label}]`)
    return ` ${paint.key(label.slice(0, 1))}${paint.tone(label.slice(1), 'quiet')} `
  })
  return line.join('')
}

/** A key with what it does, and in fewer words. */
export type KeyHint = readonly [key: string, what: string, short?: string]

/** Keys with what they do, the most important first: as many as there is room for. */
export function keysBar(hints: readonly KeyHint[], width: number, paint: Paint): string {
  let line = ''
  let taken = 0
  for (const [key, long, short] of hints) {
    const wideOf = (text: string) => textWidth(key) + 1 + textWidth(text) + (taken === 0 ? 0 : 2)
    const what = short !== undefined && taken + wideOf(long) > width ? short : long
    const wide = wideOf(what)
    if (taken + wide > width) continue
    line += `${taken === 0 ? '' : '  '}${paint.key(key)} ${paint.tone(what, 'quiet')}`
    taken += wide
  }
  return line
}

/** What is being typed, with its end in sight. */
export function typingBar(text: string, width: number, paint: Paint): string {
  const safe = escapeText(text)
  let shown = safe
  while (shown !== '' && textWidth(shown) > width - 3) shown = Array.from(shown).slice(1).join('')
  return `${paint.key('/')}${shown}${paint.bar(' ')}`
}

export function messageBar(text: string, isError: boolean, width: number, paint: Paint): string {
  return paint.tone(fit(shorten(escapeText(text), width), width, 'left').trimEnd(), isError ? 'bad' : 'good')
}
