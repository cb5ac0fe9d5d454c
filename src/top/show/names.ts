import { escapeBytes, quoted } from '../../terminal/escape.ts'
import type { TrafficOwner } from '../../sockets/index.ts'
import type { Cell } from './cells.ts'

/** A byte string as one safe word. */
export const nameText = (name: string) => quoted(escapeBytes(name))

export function programCell(program: string | undefined): Cell {
  return program === undefined ? { text: '?', tone: 'quiet' } : { text: nameText(program) }
}

/** `nginx 812`; `?` of what no process was found for. */
export function ownerCell(owner: TrafficOwner | undefined): Cell {
  return owner === undefined ? { text: '?', tone: 'quiet' } : { text: `${nameText(owner.program)} ${owner.pid}` }
}

/** Digits of a container's ID that its tools print. */
const SHORT_ID = 12

/** The unit, else the container. */
export function placeCell({ unit, container }: { unit?: string | undefined; container?: string | undefined }): Cell {
  if (container !== undefined) return { text: nameText(container.slice(0, SHORT_ID)) }
  return unit === undefined ? { text: '', tone: 'quiet' } : { text: nameText(unit), tone: 'quiet' }
}
