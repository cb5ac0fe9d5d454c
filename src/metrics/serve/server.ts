import { createServer as createHttp, type RequestListener, type Server } from 'node:http'
import { createServer as createHttps, type Server as HttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { InputError, MachineError, systemReason } from '../../errors.ts'
import type { ListenAddress } from './listen-address.ts'
import { listenText } from './listen-address.ts'
import type { LoadedWebConfig } from './load-web-config.ts'
import type { ClientAuthType } from './web-config.ts'

/** Requests are a few hundred bytes, and answers are made at once. */
const LIMITS = { headersTimeout: 10_000, requestTimeout: 10_000, keepAliveTimeout: 75_000, maxHeaderSize: 16_384 }
/** Scrapers of one machine; more are turned away. */
const MOST_CONNECTIONS = 64
/** How often files of the web configuration are looked at. */
const RELOAD_MS = 5000

export interface RunningServer {
  /** Where it listens, with the port that was free where 0 was asked for. */
  address: ListenAddress
  scheme: 'http' | 'https'
  close(): Promise<void>
}

/**
 * Listens until it is closed. Throws a MachineError where the address cannot be had, and an InputError where certificate
 * and key do not fit.
 */
export async function startServer(
  address: ListenAddress,
  listener: RequestListener,
  { tls, config }: Partial<LoadedWebConfig> = {},
): Promise<RunningServer & { server: Server }> {
  const server = tls === undefined ? createHttp(LIMITS, listener) : secureServer(tls, listener)
  Object.assign(server, { maxConnections: MOST_CONNECTIONS })
  // A client that speaks something else, or nothing, is no error of ours.
  server.on('clientError', (_, socket) => socket.destroy())
  server.on('tlsClientError', () => {})
  if (config?.tls !== undefined) checkClients(server as HttpsServer, config.tls.clientAuth)
  await new Promise<void>((resolve, reject) => {
    server.once('error', error => reject(notListening(address, error)))
    server.listen({ host: address.host, port: address.port, ipv6Only: false }, resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    server,
    address: { ...address, port },
    scheme: tls === undefined ? 'http' : 'https',
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function secureServer(tls: NonNullable<LoadedWebConfig['tls']>, listener: RequestListener): HttpsServer {
  try {
    return createHttps({ ...LIMITS, ...tls }, listener)
  } catch (error) {
    throw new InputError('input-format', `certificate and key cannot be used: ${(error as Error).message}`)
  }
}

/** What node:tls has no option for. Source: Go's crypto/tls, ClientAuthType. */
function checkClients(server: HttpsServer, clientAuth: ClientAuthType): void {
  if (clientAuth !== 'RequireAnyClientCert' && clientAuth !== 'VerifyClientCertIfGiven') return
  server.on('secureConnection', (socket: TLSSocket) => {
    const isGiven = socket.getPeerX509Certificate() !== undefined
    if (clientAuth === 'RequireAnyClientCert' ? !isGiven : isGiven && !socket.authorized) socket.destroy()
  })
}

function notListening(address: ListenAddress, error: Error): MachineError {
  const { code } = error as NodeJS.ErrnoException
  const where = listenText(address)
  if (code === 'EACCES')
    return new MachineError('not-permitted', `${where} cannot be listened on: ports below 1024 are for root`)
  return new MachineError('cannot-listen', `${where} cannot be listened on: ${reasonOf(error)}`, {
    hint: code === 'EADDRINUSE' ? `who has it: mynetstat -ntlp :${address.port}` : undefined,
  })
}

const reasonOf = (error: Error) =>
  (error as NodeJS.ErrnoException).code === 'EADDRINUSE' ? 'it is in use' : systemReason(error)

/**
 * Loads certificates and users anew when their files have changed: certificates are renewed while a service runs. What
 * cannot be loaded is told to `log`, and the old ones stay in force.
 */
export function reloadWhenChanged(
  server: Server,
  loaded: LoadedWebConfig,
  load: () => LoadedWebConfig,
  apply: (fresh: LoadedWebConfig) => Promise<void>,
  log: (text: string) => void,
  everyMs: number = RELOAD_MS,
): () => void {
  let current = loaded
  let refused: string | undefined
  const look = async () => {
    if (!current.hasChanged()) return
    try {
      const fresh = load()
      if ((fresh.tls === undefined) !== (loaded.tls === undefined))
        throw new Error('TLS cannot be turned on or off while it runs')
      if (fresh.tls !== undefined) (server as HttpsServer).setSecureContext(fresh.tls)
      current = fresh
      refused = undefined
      await apply(fresh)
      log('the web configuration has changed and was loaded anew')
    } catch (error) {
      const why = (error as Error).message
      if (why !== refused) log(`the web configuration has changed, and the old one stays in force: ${why}`)
      refused = why
    }
  }
  const timer = setInterval(() => void look(), everyMs).unref()
  return () => clearInterval(timer)
}
