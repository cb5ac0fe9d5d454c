import { describe, expect, test } from 'vitest'
import { InputError } from '../../errors.ts'
import { webConfigOf } from './web-config.ts'

const HASH = '$2y$10$X0h1gDsPszWURQaxFh.zoubFi6DXncSjhoQNJgRrnGs7EsimhC7zG'
const tls = { cert_file: 'a.pem', key_file: '/etc/a.key' }

describe('web configuration', () => {
  test('paths are meant from the folder of the file', () => {
    expect(webConfigOf({ tls_server_config: tls, basic_auth_users: { eve: HASH } }, '/etc/x/web.yml')).toEqual({
      tls: {
        certFile: '/etc/x/a.pem',
        keyFile: '/etc/a.key',
        clientAuth: 'NoClientCert',
        clientCaFile: undefined,
        minVersion: 'TLSv1.2',
      },
      users: new Map([['eve', HASH]]),
    })
  })

  test('clients with certificates, and a newer version', () => {
    const more = { client_auth_type: 'RequireAndVerifyClientCert', client_ca_file: 'ca.pem', min_version: 'TLS13' }
    expect(webConfigOf({ tls_server_config: { ...tls, ...more } }, '/web.yml').tls).toMatchObject({
      clientAuth: 'RequireAndVerifyClientCert',
      clientCaFile: '/ca.pem',
      minVersion: 'TLSv1.3',
    })
  })

  test.each([
    [[], 'the file is no list of keys'],
    ['x', 'the file is no list of keys'],
    [{ http_server_config: {} }, "the file has the key 'http_server_config', which is not known here"],
    [{ tls_server_config: { ...tls, cert: 'x' } }, "tls_server_config has the key 'cert', which is not known here"],
    [{ tls_server_config: { key_file: 'x' } }, 'tls_server_config has no cert_file'],
    [{ tls_server_config: { cert_file: 'x' } }, 'tls_server_config has no key_file'],
    [{ tls_server_config: { ...tls, cert_file: 7 } }, 'cert_file is no text'],
    [
      { tls_server_config: { ...tls, min_version: 'SSL3' } },
      "min_version is 'SSL3', not one of TLS10, TLS11, TLS12, TLS13",
    ],
    [
      { tls_server_config: { ...tls, client_ca_file: 'x' } },
      'there is a client_ca_file, but client_auth_type is NoClientCert, which verifies nobody',
    ],
    [
      { tls_server_config: { ...tls, client_auth_type: 'RequireAndVerifyClientCert' } },
      'client_auth_type RequireAndVerifyClientCert needs a client_ca_file',
    ],
    [{ basic_auth_users: {} }, 'basic_auth_users names nobody, so nobody could log in'],
    [
      { basic_auth_users: { eve: 'secret' } },
      "the password of 'eve' is no hash of bcrypt (htpasswd -nBC 10 USER prints one)",
    ],
    [{ basic_auth_users: { 'a:b': HASH } }, "basic_auth_users cannot hold the user 'a:b'"],
  ])('%j: %s', (content, why) => {
    expect(() => webConfigOf(content, 'web.yml')).toThrow(
      new InputError('input-format', `web.yml is no web configuration: ${why}`),
    )
  })
})
