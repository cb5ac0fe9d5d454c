import { describe, expect, test } from 'vitest'
import { TCP_STATE } from '../../../../kernel/tcp-state.ts'
import { later, listener, once } from '../../../../../test/support/health-looks.ts'
import { listenerShadowed } from './listener-shadowed.ts'

const any = listener({ localAddress: '0.0.0.0', pid: 7, program: 'api' })
const one = listener({ inode: '701', pid: 8, program: 'debug' })

test('a program on one address takes what another on every address waits for', () => {
  expect(once(listenerShadowed, [any, one])).toMatchInlineSnapshot(`
    [
      {
        "code": "listener-shadowed",
        "culprit": {
          "cmdline": "debug",
          "comm": undefined,
          "container": undefined,
          "pid": 8,
          "unit": undefined,
        },
        "culprits": [
          {
            "pid": 8,
            "program": "debug",
          },
        ],
        "do": [
          "end the one that is not meant, or give it another port",
        ],
        "doing": undefined,
        "evidence": [
          "127.0.0.1:80 of debug (pid 8) and 0.0.0.0:80 of api (pid 7): the kernel prefers the more specific address",
        ],
        "finding": "debug (pid 8) takes the connections to 127.0.0.1:80 from api (pid 7), which listens on port 80 (any address)",
        "measured": [],
        "not": [
          "restarting the other one: it keeps losing that address",
        ],
        "reach": 1,
        "says": "takes the connections to 127.0.0.1:80 from api (pid 7), which listens on port 80 (any address)",
        "severity": "warning",
        "towards": [],
        "victims": [
          {
            "pid": 7,
            "program": "api",
          },
        ],
      },
    ]
  `)
})

test('one on :: that takes IPv4, too, is shadowed', () => {
  const wild = { ...later(any, { table: 'tcp6', localAddress: '::' }), dualStack: { dual: true, evidence: '' } }
  expect(once(listenerShadowed, [wild, one])).toHaveLength(1)
  expect(once(listenerShadowed, [{ ...wild, dualStack: { dual: false, evidence: '' } }, one])).toEqual([])
})

describe('silent', () => {
  const processes = {
    7: { exe: { path: '/a', deleted: false, replaced: undefined } },
    8: { exe: { path: '/a', deleted: false, replaced: undefined } },
  }
  test.each([
    ['another port', once(listenerShadowed, [any, later(one, { localPort: 81 })])],
    ['the same program', once(listenerShadowed, [any, listener({ inode: '701', pid: 8, program: 'api' })])],
    ['the same executable under another name', once(listenerShadowed, [any, one], { processes })],
    ['both on every address', once(listenerShadowed, [any, later(one, { localAddress: '0.0.0.0' })])],
    ['an owner that is not known', once(listenerShadowed, [any, { ...one, owners: [] }])],
    ['a connection', once(listenerShadowed, [any, later(one, { state: TCP_STATE.established })])],
  ])('%s', (_, found) => expect(found).toEqual([]))
})

test('two programs of one interpreter are two', () => {
  const exe = { path: '/usr/bin/python3.11', deleted: false, replaced: undefined }
  expect(once(listenerShadowed, [any, one], { processes: { 7: { exe }, 8: { exe } } })).toHaveLength(1)
})
