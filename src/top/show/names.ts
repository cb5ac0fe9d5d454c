import { escapeBytes, quoted } from '../../terminal/escape.ts'
import { textWidth } from '../../terminal/text-width.ts'
import { shorten } from '../../terminal/shorten.ts'
import type { TrafficOwner } from '../../sockets/index.ts'
import type { Cell } from './cells.ts'

/** A byte string as one safe word. */
export const nameText = (name: string) => quoted(escapeBytes(name))

/** As many whole names as there is room for: `nginx sshd +3`. */
export function namesIn(names: readonly string[], width: number): string {
  const [first, ...others] = names.map(nameText)
  let text = first ?? ''
  for (const [i, name] of others.entries()) {
    const left = others.length - i
    const rest = left > 1 ? ` +${left - 1}` : ''
    if (textWidth(text) + 1 + textWidth(name) + rest.length > width) {
      const count = ` +${left}`
      return `${shorten(text, Math.max(1, width - count.length))}${count}`
    }
    text += ` ${name}`
  }
  return text
}

export function programCell(program: string | undefined): Cell {
  return program === undefined ? { text: '?', tone: 'quiet' } : { text: nameText(program) }
}

/** `nginx 812`; `?` of what no process was found for. A name that is too long is cut, the pid never. */
export function ownerCell(owner: TrafficOwner | undefined, width: number): Cell {
  if (owner === undefined) return { text: '?', tone: 'quiet' }
  const pid = String(owner.pid)
  return { text: `${shorten(nameText(owner.program), Math.max(1, width - pid.length - 1))} ${pid}` }
}

/** Digits of a container's ID that its tools print. */
const SHORT_ID = 12

/** The unit, else the container. */
export function placeCell({ unit, container }: { unit?: string | undefined; container?: string | undefined }): Cell {
  if (container !== undefined) return { text: nameText(container.slice(0, SHORT_ID)) }
  return unit === undefined ? { text: '', tone: 'quiet' } : { text: nameText(unit), tone: 'quiet' }
}
