import { compare } from 'bcryptjs'
import { describe, expect, test } from 'vitest'
import { BasicAuth } from './basic-auth.ts'

/** Of the password `secret`, cost 4. */
const HASH = '$2b$04$T4Qt2YoW5HpMF3sRd.06fOqiyMB7Em/.43apZJX5lynHfge1w7qcS'
const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`

function counting() {
  const asked: string[] = []
  const auth = new BasicAuth(new Map([['eve', 'hash of secret']]), (password, hash) => {
    asked.push(hash)
    return Promise.resolve(hash === `hash of ${password}`)
  })
  return { auth, asked }
}

describe('basic auth', () => {
  test.each([
    [basic('eve:secret'), 'granted'],
    [basic('eve:Secret'), 'denied'],
    [basic('eve:'), 'denied'],
    [basic('Eve:secret'), 'denied'],
    [basic('mallory:secret'), 'denied'],
    [basic('eve'), 'denied'],
    [undefined, 'denied'],
    ['', 'denied'],
    ['Bearer secret', 'denied'],
    ['Basic !!!', 'denied'],
  ])('%s is %s', async (header, verdict) => {
    expect(await counting().auth.verdict(header)).toBe(verdict)
  })

  test('a header that was right is not compared again, a wrong one is', async () => {
    const { auth, asked } = counting()
    for (let times = 0; times < 3; times += 1) await auth.verdict(basic('eve:secret'))
    expect(asked.length).toBe(1)
    for (let times = 0; times < 3; times += 1) await auth.verdict(basic('eve:guess'))
    expect(asked.length).toBe(4)
  })

  test('a user that does not exist takes as long as one that does', async () => {
    const { auth, asked } = counting()
    await auth.verdict(basic('mallory:secret'))
    expect(asked.length).toBe(1)
    expect(asked[0]).toMatch(/^\$2b\$10\$.{53}$/)
  })

  test('guesses are compared one after the other, and too many are turned away', async () => {
    let [running, most] = [0, 0]
    const auth = new BasicAuth(new Map(), async () => {
      most = Math.max(most, (running += 1))
      await new Promise(resolve => setTimeout(resolve, 1))
      running -= 1
      return false
    })
    const verdicts = await Promise.all(Array.from({ length: 20 }, (_, at) => auth.verdict(basic(`a:${at}`))))
    expect(most).toBe(1)
    expect(verdicts.filter(verdict => verdict === 'busy').length).toBe(12)
  })

  test('with bcrypt itself', async () => {
    const auth = new BasicAuth(new Map([['eve', HASH]]), compare)
    expect(await auth.verdict(basic('eve:secret'))).toBe('granted')
    expect(await auth.verdict(basic('eve:secreT'))).toBe('denied')
  })
})
