import { isUtf8 } from 'node:buffer'
import { escapeBytes } from '../../terminal/escape.ts'

/** `key` and, where the bytes are not UTF-8, `keyBase64`. */
type BytesJson<Key extends string> = { [K in Key | `${Key}Base64`]?: string }

export function bytesJson<Key extends string>(key: Key, bytes: string | undefined): BytesJson<Key> {
  if (bytes === undefined) return {}
  const raw = Buffer.from(bytes, 'latin1')
  const json = isUtf8(raw)
    ? { [key]: raw.toString('utf8') }
    : { [key]: escapeBytes(bytes), [`${key}Base64`]: raw.toString('base64') }
  return json as BytesJson<Key>
}
