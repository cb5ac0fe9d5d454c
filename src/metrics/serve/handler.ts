import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { formFor, type Form } from '../rules/content-type.ts'
import type { BasicAuth } from './basic-auth.ts'
import { isOwnHost, type ListenAddress } from './listen-address.ts'
import { CONTENT_TYPES, type SharedAnswers } from './shared-answers.ts'

/** Of the time a scraper waits, this much may go by until owners are found: the answer has still to be made. */
const SHARE_OF_TIMEOUT = 0.5
/** Where it does not say how long it waits: Prometheus' own default. */
const DEFAULT_TIMEOUT_S = 10
const MOST_TIMEOUT_S = 120

/** Level 1 makes text a tenth of its size at a tenth of the time of level 9. */
const GZIP = { level: 1 }
const packed = promisify<Buffer, { level: number }, Buffer>(gzip)

export interface HandlerOptions {
  answers: Pick<SharedAnswers, 'text'>
  address: ListenAddress
  /** Undefined where nobody has to log in. */
  auth: () => BasicAuth | undefined
  /** Says on stderr what went wrong. */
  log: (text: string) => void
}

/** Answers requests: /metrics, and a page that says so. Nothing of a request gets into a path, a label or an answer. */
export function requestHandler(options: HandlerOptions): RequestListener {
  return (request, response) => {
    respond(options, request, response).catch((error: Error) => {
      options.log(`a scrape failed: ${error.message}`)
      if (!response.headersSent) plain(response, 500, 'the answer could not be made; see the log of linsight metrics\n')
      else response.destroy()
    })
  }
}

async function respond(options: HandlerOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { address, answers } = options
  // Bodies are not read: what is left of one ends with the connection.
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD')
    response.setHeader('Connection', 'close')
    return plain(response, 405, 'only GET and HEAD are answered\n')
  }
  if (address.isLoopback && !isOwnHost(request.headers.host, address))
    return plain(response, 403, 'the header Host names another machine\n')
  if (!(await mayAsk(options, request, response))) return undefined
  const path = (request.url ?? '').split('?')[0]
  if (path === '/healthz') return plain(response, 200, 'ok\n')
  if (path === '/') return page(response)
  if (path !== '/metrics') return plain(response, 404, 'see /metrics\n')
  const form = formFor(request.headers.accept)
  const text = await answers.text(form, budgetMs(request.headers['x-prometheus-scrape-timeout-seconds']))
  return send(request, response, form, Buffer.from(text, 'utf8'))
}

async function mayAsk({ auth }: HandlerOptions, request: IncomingMessage, response: ServerResponse): Promise<boolean> {
  const verdict = (await auth()?.verdict(request.headers.authorization)) ?? 'granted'
  if (verdict === 'granted') return true
  if (verdict === 'busy') plain(response, 429, 'too many attempts to log in at once\n')
  else {
    response.setHeader('WWW-Authenticate', 'Basic realm="linsight"')
    plain(response, 401, 'user and password are needed\n')
  }
  return false
}

async function send(request: IncomingMessage, response: ServerResponse, form: Form, text: Buffer): Promise<void> {
  const isPacked = /(?:^|[\s,])gzip(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/.test(request.headers['accept-encoding'] ?? '')
  const body = isPacked ? await packed(text, GZIP) : text
  response.writeHead(200, {
    'Content-Type': CONTENT_TYPES[form],
    'Content-Length': body.length,
    Vary: 'Accept, Accept-Encoding',
    ...(isPacked && { 'Content-Encoding': 'gzip' }),
    ...SAFE,
  })
  response.end(request.method === 'HEAD' ? undefined : body)
}

/** How long a search for owners may take. */
export function budgetMs(header: string | string[] | undefined): number {
  const seconds = Number(header ?? DEFAULT_TIMEOUT_S)
  const timeoutS = seconds > 0 && seconds <= MOST_TIMEOUT_S ? seconds : DEFAULT_TIMEOUT_S
  return timeoutS * 1000 * SHARE_OF_TIMEOUT
}

/** A browser neither guesses what it is nor runs anything of it. */
const SAFE = { 'X-Content-Type-Options': 'nosniff', 'Content-Security-Policy': "default-src 'none'" }

const PAGE = '<!doctype html><title>linsight metrics</title><p><a href="metrics">Metrics</a> for Prometheus.\n'

function page(response: ServerResponse): void {
  response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', ...SAFE }).end(PAGE)
}

function plain(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', ...SAFE }).end(text)
}
