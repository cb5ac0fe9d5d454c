import { isUtf8 } from 'node:buffer'
import { escapeBytes } from '../../terminal/escape.ts'

/** A byte string as text for a message or JSON, which are escaped where they are printed; what is not UTF-8 is escaped. */
export function nameText(bytes: string): string {
  const raw = Buffer.from(bytes, 'latin1')
  return isUtf8(raw) ? raw.toString('utf8') : escapeBytes(bytes)
}
