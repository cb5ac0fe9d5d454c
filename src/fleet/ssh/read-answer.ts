import { promisify } from 'node:util'
import { constants, gunzip } from 'node:zlib'
import { InputError } from '../../errors.ts'
import { GREETING } from '../collector/script.ts'

/** What a login shell may print before the script speaks. */
const MOST_BANNER_BYTES = 64 * 1024

/** The first line of an answer. */
export interface Greeting {
  /** `none`: there is no /proc; `detail` is then the name of the system. */
  form: 'gzip' | 'plain' | 'none'
  detail: string
}

/** Takes what arrives, finds where the answer begins, and keeps at most so many bytes. */
export class ArrivingAnswer {
  greeting: Greeting | undefined
  /** When the answer began, milliseconds since the epoch. */
  beganAtMs = 0
  bytes = 0
  readonly #nonce: string
  readonly #mostBytes: number
  #chunks: Buffer[] = []

  constructor(nonce: string, mostBytes: number) {
    this.#nonce = nonce
    this.#mostBytes = mostBytes
  }

  /** Why no more is taken; undefined where all is well. */
  push(chunk: Buffer, nowMs: number): 'too-large' | 'not-understood' | undefined {
    this.bytes += chunk.length
    this.#chunks.push(chunk)
    if (this.greeting === undefined) {
      this.#greet(nowMs)
      if (this.greeting === undefined && this.bytes > MOST_BANNER_BYTES) return 'not-understood'
    }
    return this.bytes > this.#mostBytes ? 'too-large' : undefined
  }

  /** The answer unpacked; `mostBytes` of it at most. @throws InputError, or RangeError where it is larger */
  async body(mostBytes: number): Promise<Buffer> {
    const whole = Buffer.concat(this.#chunks)
    this.#chunks = []
    if (this.greeting?.form !== 'gzip') {
      if (whole.length > mostBytes) throw new RangeError('too large')
      return whole
    }
    try {
      return await promisify(gunzip)(whole, { maxOutputLength: mostBytes, finishFlush: constants.Z_SYNC_FLUSH })
    } catch (error) {
      if ((error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE')
        throw new RangeError('too large', { cause: error })
      throw new InputError('input-format', 'the answer cannot be unpacked', { cause: error })
    }
  }

  #greet(nowMs: number): void {
    const head = Buffer.concat(this.#chunks)
    const at = head.indexOf(`${GREETING} ${this.#nonce} `)
    const end = at === -1 ? -1 : head.indexOf('\n', at)
    if (end === -1) return
    const [, , form, ...rest] = head.toString('latin1', at, end).split(' ')
    if (form !== 'gzip' && form !== 'plain' && form !== 'none') return
    this.greeting = { form, detail: rest.join(' ') }
    this.beganAtMs = nowMs
    // The line feed belongs to the mark of the first frame where it is not packed: that has one of its own.
    this.#chunks = [head.subarray(end + 1)]
  }
}
