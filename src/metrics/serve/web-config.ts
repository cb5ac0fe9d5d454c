import { dirname, resolve } from 'node:path'
import { InputError } from '../../errors.ts'
import { escapeText } from '../../terminal/escape.ts'

/** Whether clients have to show a certificate, as Go's crypto/tls names it. */
export const CLIENT_AUTH_TYPES = [
  'NoClientCert',
  'RequestClientCert',
  'RequireAnyClientCert',
  'VerifyClientCertIfGiven',
  'RequireAndVerifyClientCert',
] as const
export type ClientAuthType = (typeof CLIENT_AUTH_TYPES)[number]

const VERSIONS = { TLS10: 'TLSv1', TLS11: 'TLSv1.1', TLS12: 'TLSv1.2', TLS13: 'TLSv1.3' } as const
type TlsVersion = (typeof VERSIONS)[keyof typeof VERSIONS]

/** What --web-config says: the keys of the web configuration of Prometheus' exporters that are known here. */
export interface WebConfig {
  tls: TlsConfig | undefined
  /** User → hash of bcrypt; empty where nobody has to log in. */
  users: ReadonlyMap<string, string>
}

export interface TlsConfig {
  certFile: string
  keyFile: string
  clientAuth: ClientAuthType
  clientCaFile: string | undefined
  minVersion: TlsVersion
}

/** A hash as bcrypt writes it: version, cost, 22 characters of salt, 31 of hash. */
const BCRYPT = /^\$2[abxy]\$(0[4-9]|[12]\d|3[01])\$[./A-Za-z0-9]{53}$/

/**
 * Checks what stood in the file, whose relative paths are meant from its folder. A key that is not known is refused: a
 * protection that is asked for and not there would be worse than none.
 *
 * Source: prometheus/exporter-toolkit, docs/web-configuration.md. Not taken: http_server_config, cipher suites, curves.
 */
export function webConfigOf(content: unknown, file: string): WebConfig {
  const check = new Checker(file)
  const root = check.object(content ?? {}, 'the file', ['tls_server_config', 'basic_auth_users'])
  const given = root['tls_server_config']
  const users = root['basic_auth_users']
  return {
    tls: given === undefined || given === null ? undefined : tlsOf(given, check),
    users: new Map(users === undefined || users === null ? [] : usersOf(users, check)),
  }
}

const TLS_KEYS = ['cert_file', 'key_file', 'client_auth_type', 'client_ca_file', 'min_version']

function tlsOf(given: unknown, check: Checker): TlsConfig {
  const tls = check.object(given, 'tls_server_config', TLS_KEYS)
  const path = (key: string) => {
    const text = check.text(tls[key], key)
    return text === undefined ? undefined : resolve(dirname(check.file), text)
  }
  const certFile = path('cert_file') ?? check.fail('tls_server_config has no cert_file')
  const keyFile = path('key_file') ?? check.fail('tls_server_config has no key_file')
  const clientCaFile = path('client_ca_file')
  const clientAuth = check.oneOf(tls['client_auth_type'], 'client_auth_type', CLIENT_AUTH_TYPES) ?? 'NoClientCert'
  const verifies = clientAuth === 'VerifyClientCertIfGiven' || clientAuth === 'RequireAndVerifyClientCert'
  if (verifies && clientCaFile === undefined) check.fail(`client_auth_type ${clientAuth} needs a client_ca_file`)
  if (clientCaFile !== undefined && !verifies)
    check.fail(`there is a client_ca_file, but client_auth_type is ${clientAuth}, which verifies nobody`)
  const names = Object.keys(VERSIONS) as (keyof typeof VERSIONS)[]
  const minVersion = VERSIONS[check.oneOf(tls['min_version'], 'min_version', names) ?? 'TLS12']
  return { certFile, keyFile, clientAuth, clientCaFile, minVersion }
}

function usersOf(given: unknown, check: Checker): [string, string][] {
  const users = Object.entries(check.object(given, 'basic_auth_users'))
  if (users.length === 0) check.fail('basic_auth_users names nobody, so nobody could log in')
  return users.map(([user, hash]) => {
    if (user === '' || user.includes(':')) check.fail(`basic_auth_users cannot hold the user ${quote(user)}`)
    if (typeof hash !== 'string' || !BCRYPT.test(hash))
      check.fail(`the password of ${quote(user)} is no hash of bcrypt (htpasswd -nBC 10 USER prints one)`)
    return [user, hash]
  })
}

const quote = (text: string) => `'${escapeText(text)}'`

/** Reads values of unknown form, and refuses them in one sentence. */
class Checker {
  readonly file: string

  constructor(file: string) {
    this.file = file
  }

  fail(why: string): never {
    throw new InputError('input-format', `${this.file} is no web configuration: ${why}`)
  }

  object(value: unknown, what: string, known?: readonly string[]): Record<string, unknown> {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) this.fail(`${what} is no list of keys`)
    const unknown = known && Object.keys(value).find(key => !known.includes(key))
    if (unknown !== undefined) this.fail(`${what} has the key ${quote(unknown)}, which is not known here`)
    return value as Record<string, unknown>
  }

  text(value: unknown, key: string): string | undefined {
    if (value === undefined || value === null || value === '') return undefined
    return typeof value === 'string' ? value : this.fail(`${key} is no text`)
  }

  oneOf<Word extends string>(value: unknown, key: string, words: readonly Word[]): Word | undefined {
    const text = this.text(value, key)
    if (text === undefined) return undefined
    return words.find(word => word === text) ?? this.fail(`${key} is ${quote(text)}, not one of ${words.join(', ')}`)
  }
}
