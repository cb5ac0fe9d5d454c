import { once } from 'node:events'
import { request as ask } from 'node:http'
import { gunzipSync } from 'node:zlib'
import { afterEach, describe, expect, test } from 'vitest'
import { BasicAuth } from './basic-auth.ts'
import { budgetMs, requestHandler, type HandlerOptions } from './handler.ts'
import { parseListenAddress } from './listen-address.ts'
import { startServer, type RunningServer } from './server.ts'

const open: RunningServer[] = []
afterEach(() => Promise.all(open.splice(0).map(server => server.close())))

interface Reply {
  status: number | undefined
  headers: Record<string, unknown>
  body: Buffer
}

async function serving(change: Partial<HandlerOptions> = {}) {
  const asked: [string, number][] = []
  const lines: string[] = []
  const address = parseListenAddress('127.0.0.1:0')
  const server = await startServer(
    address,
    requestHandler({
      address,
      auth: () => undefined,
      log: text => lines.push(text),
      answers: {
        text(form, budget) {
          asked.push([form, budget])
          return Promise.resolve(`${form} 1\n`)
        },
      },
      ...change,
    }),
  )
  open.push(server)
  const get = async (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Reply> => {
    const request = ask({ host: '127.0.0.1', port: server.address.port, path, headers, method })
    request.end()
    const [response] = (await once(request, 'response')) as [import('node:http').IncomingMessage]
    const body = Buffer.concat((await response.toArray()) as Buffer[])
    return { status: response.statusCode, headers: response.headers, body }
  }
  return { get, asked, lines }
}

describe('requests', () => {
  test('metrics in the form that is asked for, packed where that is asked for', async () => {
    const { get } = await serving()
    const plain = await get('/metrics')
    expect([plain.status, plain.headers['content-type'], plain.body.toString()]).toEqual([
      200,
      'text/plain; version=0.0.4; charset=utf-8',
      'text 1\n',
    ])
    const packed = await get('/metrics?x=1', { accept: 'application/openmetrics-text', 'accept-encoding': 'gzip' })
    expect(packed.headers['content-type']).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8')
    expect([packed.headers['content-encoding'], gunzipSync(packed.body).toString()]).toEqual([
      'gzip',
      'openmetrics 1\n',
    ])
    expect((await get('/metrics', { 'accept-encoding': 'gzip;q=0' })).headers['content-encoding']).toBe(undefined)
    expect((await get('/metrics', {}, 'HEAD')).body.length).toBe(0)
  })

  test.each([
    ['/', 'GET', {}, 200],
    ['/healthz', 'GET', {}, 200],
    ['/metrics/', 'GET', {}, 404],
    ['/../../etc/passwd', 'GET', {}, 404],
    ['/metrics', 'POST', {}, 405],
    ['/metrics', 'DELETE', {}, 405],
    ['/metrics', 'GET', { host: 'evil.example' }, 403],
    ['/metrics', 'GET', { host: 'localhost:9977' }, 200],
  ])('%s by %s with %j is %i', async (path, method, headers, status) => {
    const { get } = await serving()
    expect((await get(path, headers as Record<string, string>, method)).status).toBe(status)
  })

  test('the time a scraper waits is halved for what may be waited for', async () => {
    const { get, asked } = await serving()
    await get('/metrics', { 'x-prometheus-scrape-timeout-seconds': '3' })
    expect(asked).toEqual([['text', 1500]])
    expect(['0.5', undefined, 'x', '-1', '1e9', 'Infinity'].map(budgetMs)).toEqual([250, 5000, 5000, 5000, 5000, 5000])
  })

  test('who must log in is told so, and gets nothing before', async () => {
    const auth = new BasicAuth(new Map([['eve', 'secret']]), (password, hash) => Promise.resolve(password === hash))
    const { get, asked } = await serving({ auth: () => auth })
    const login = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` })
    for (const path of ['/metrics', '/', '/healthz', '/nothing']) {
      const { status, headers } = await get(path, login('eve:guess'))
      expect([status, headers['www-authenticate']]).toEqual([401, 'Basic realm="linsight"'])
    }
    expect(asked).toEqual([])
    expect((await get('/metrics', login('eve:secret'))).status).toBe(200)
  })

  test('an answer that cannot be made is one line here and one sentence there', async () => {
    const { get, lines } = await serving({ answers: { text: () => Promise.reject(new Error('/proc has gone')) } })
    const { status, body } = await get('/metrics')
    expect([status, body.toString()]).toEqual([500, 'the answer could not be made; see the log of linsight metrics\n'])
    expect(lines).toEqual(['a scrape failed: /proc has gone'])
  })

  test('an address that is in use is one sentence', async () => {
    const address = parseListenAddress('127.0.0.1:0')
    const first = await startServer(address, () => {})
    open.push(first)
    await expect(startServer(first.address, () => {})).rejects.toMatchObject({
      code: 'cannot-listen',
      message: `127.0.0.1:${first.address.port} cannot be listened on: it is in use`,
    })
  })
})
