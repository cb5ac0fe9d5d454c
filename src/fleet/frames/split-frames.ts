import { InputError } from '../../errors.ts'

/** A frame of an answer: what it is, and its bytes. */
export interface Frame {
  kind: string
  words: string[]
  content: Buffer
}

/** A line of words is short; more is no frame of ours. */
const LONGEST_HEADER = 64 * 1024

/**
 * Takes an answer apart: `\n<nonce> <kind> <words>\n`, then bytes up to the next such line.
 *
 * @throws InputError `input-format` where the last frame is not `end`: it broke off
 */
export function splitFrames(body: Buffer, nonce: string): Frame[] {
  const mark = Buffer.from(`\n${nonce} `)
  const frames: Frame[] = []
  let at = body.indexOf(mark)
  while (at !== -1) {
    const start = at + mark.length
    const line = body.indexOf('\n', start)
    if (line === -1 || line - start > LONGEST_HEADER) throw broken()
    const next = body.indexOf(mark, line)
    const [kind = '', ...words] = body.toString('latin1', start, line).split(' ')
    frames.push({ kind, words, content: body.subarray(line + 1, next === -1 ? body.length : Math.max(line + 1, next)) })
    at = next
  }
  if (frames.at(-1)?.kind !== 'end') throw broken()
  return frames
}

/**
 * The contents of the files of one frame. Between them stands the environment of the cat(1) that read them, which holds the
 * nonce and is the same before each; one file may stand alone.
 */
export function splitFiles({ words, content }: Frame, nonce: string): [path: string, content: Buffer][] {
  const mark = Buffer.from(`LINSIGHT=${nonce}`)
  const first = content.indexOf(mark)
  if (first === -1 && words.length === 1) return [[words[0]!, content]]
  const second = content.indexOf(mark, first + 1)
  if (first === -1 || second === -1) throw broken()
  const separator = content.subarray(0, second - first)
  const files: [string, Buffer][] = []
  let at = separator.length
  for (const path of words) {
    // A separator is looked for as a whole, from where it has to begin.
    if (!content.subarray(at, at + separator.length).equals(separator)) throw broken()
    const start = at + separator.length
    const next = content.indexOf(separator, start)
    at = next === -1 ? content.length : next
    files.push([path, content.subarray(start, at)])
  }
  if (at !== content.length) throw broken()
  return files
}

function broken(): InputError {
  return new InputError('input-format', 'the answer broke off, or is not what was asked for')
}
