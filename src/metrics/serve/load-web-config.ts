import { statSync } from 'node:fs'
import type { SecureContextOptions, TlsOptions } from 'node:tls'
import { parse } from 'yaml'
import { InputError, optional, systemReason } from '../../errors.ts'
import { readAtMost } from '../../proc/open-bytes.ts'
import { webConfigOf, type TlsConfig, type WebConfig } from './web-config.ts'

/** More is no configuration, certificate or key. */
const MOST_BYTES = 1024 * 1024

export interface LoadedWebConfig {
  config: WebConfig
  /** Of node:tls; undefined where no TLS is asked for. */
  tls: TlsOptions | undefined
  /** Whether one of the files is another one by now. */
  hasChanged(): boolean
}

/** Reads --web-config and the files it names. Throws an InputError. */
export function loadWebConfig(file: string): LoadedWebConfig {
  const text = read(file, 'the web configuration').toString('utf8')
  let content: unknown
  try {
    content = parse(text)
  } catch (error) {
    const [why = ''] = (error as Error).message.split('\n')
    throw new InputError('input-format', `${file} is no YAML: ${why.replace(/[:.]$/, '')}`)
  }
  const config = webConfigOf(content, file)
  const { tls } = config
  const files = [file, ...(tls === undefined ? [] : [tls.certFile, tls.keyFile, tls.clientCaFile])]
  const state = () => files.map(path => path && fileState(path)).join()
  const before = state()
  return { config, tls: tls && tlsOptions(tls), hasChanged: () => state() !== before }
}

function tlsOptions({ certFile, keyFile, clientAuth, clientCaFile, minVersion }: TlsConfig): TlsOptions {
  const context: SecureContextOptions = {
    cert: read(certFile, 'the certificate'),
    key: read(keyFile, 'the key'),
    ...(clientCaFile !== undefined && { ca: read(clientCaFile, 'the certificate of the CA for clients') }),
    minVersion,
  }
  const requestCert = clientAuth !== 'NoClientCert'
  return { ...context, requestCert, rejectUnauthorized: clientAuth === 'RequireAndVerifyClientCert' }
}

function read(path: string, what: string): Buffer {
  try {
    return readAtMost(path, MOST_BYTES)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'input-missing' : 'input-unreadable'
    throw new InputError(code, `${path}, ${what}, cannot be read: ${systemReason(error)}`)
  }
}

const fileState = (path: string) =>
  optional(() => {
    const { ino, mtimeMs, size } = statSync(path)
    return `${ino} ${mtimeMs} ${size}`
  }) ?? 'none'
