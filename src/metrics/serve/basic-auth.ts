import { createHash } from 'node:crypto'

/** Compares a password with a hash of bcrypt. */
export type Compare = (password: string, hash: string) => Promise<boolean>

/** Headers that were verified are remembered; more than this are not kept. */
const MOST_REMEMBERED = 100
/** Attempts that wait for bcrypt, which takes a tenth of a second each: more are turned away. */
const MOST_WAITING = 8

/** Compared with where there is no such user: whoever asks cannot tell by the time. Nobody's password. */
const NOBODYS_HASH = '$2b$10$UfG3qm8BRiBORFiNW7ZCgOjUVDJYjhEVE1qltKcwEexU9wllfmLki'

export type Verdict = 'granted' | 'denied' | 'busy'

/**
 * Asks for a user and a password. bcrypt is slow on purpose, so a header that was right once is known by its SHA-256 from
 * then on; wrong ones are compared one after the other, so that guessing does not keep a scrape waiting for long.
 */
export class BasicAuth {
  readonly #users: ReadonlyMap<string, string>
  readonly #compare: Compare
  readonly #remembered = new Set<string>()
  #waiting = 0
  #last: Promise<unknown> = Promise.resolve()

  constructor(users: ReadonlyMap<string, string>, compare: Compare) {
    this.#users = users
    this.#compare = compare
  }

  /** `header` is that of the name Authorization. */
  async verdict(header: string | undefined): Promise<Verdict> {
    const given = credentialsOf(header)
    if (given === undefined) return 'denied'
    const digest = createHash('sha256').update(header!).digest('base64')
    if (this.#remembered.has(digest)) return 'granted'
    if (this.#waiting >= MOST_WAITING) return 'busy'
    this.#waiting += 1
    const known = this.#users.get(given.user)
    const compared = this.#last.then(() => this.#compare(given.password, known ?? NOBODYS_HASH))
    this.#last = compared.catch(() => {})
    try {
      if (!(await compared) || known === undefined) return 'denied'
    } finally {
      this.#waiting -= 1
    }
    if (this.#remembered.size < MOST_REMEMBERED) this.#remembered.add(digest)
    return 'granted'
  }
}

/** Source: RFC 7617. */
function credentialsOf(header: string | undefined): { user: string; password: string } | undefined {
  const encoded = /^basic +([A-Za-z0-9+/]+=*) *$/i.exec(header ?? '')?.[1]
  if (encoded === undefined) return undefined
  const text = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  return colon === -1 ? undefined : { user: text.slice(0, colon), password: text.slice(colon + 1) }
}
