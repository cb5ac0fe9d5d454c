// Filters about real sockets in a namespace of their own, beside what ss selects with the same words.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { needs } from '../support/needs.ts'
import { binPath } from '../support/paths.ts'
import { run } from '../support/run.ts'

/** Listeners on 8001 to 8004, one marked, one bound to lo; three connections; a unix pair over a name; a bound socket. */
const SCENE = `
import fcntl, socket, struct, sys
c = socket.socket(); fcntl.ioctl(c, 0x8914, struct.pack('16sH14s', b'lo', 0x41, b''))
held = []
def listen(port, host='127.0.0.1', family=socket.AF_INET, prepare=lambda s: None):
    s = socket.socket(family); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); prepare(s)
    s.bind((host, port)); s.listen(); held.append(s); return s
listen(8001); listen(8004, '::', socket.AF_INET6)
marked = listen(8002, prepare=lambda s: s.setsockopt(socket.SOL_SOCKET, 36, 0x13))
listen(8003, prepare=lambda s: s.setsockopt(socket.SOL_SOCKET, 25, b'lo'))
for host, port, source in (('127.0.0.1', 8001, '127.0.0.2'), ('127.0.0.1', 8002, '127.0.0.1'), ('::1', 8004, '::1')):
    held.append(socket.create_connection((host, port), source_address=(source, 0)))
held.append(marked.accept())
bound = socket.socket(); bound.bind(('127.0.0.1', 8005))
name = '\\0filter-scene-' + sys.argv[1]
server = socket.socket(socket.AF_UNIX); server.bind(name); server.listen()
client = socket.socket(socket.AF_UNIX); client.connect(name); held.append(server.accept())
print('ready', flush=True); sys.stdin.read()
`

describe('filters', needs('root', 'python3', 'unshare', 'nsenter', 'ip'), () => {
  let child: ChildProcess
  beforeAll(async () => {
    child = spawn('unshare', ['--net', 'python3', '-c', SCENE, String(process.pid)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    await once(child.stdout!, 'data')
  })
  afterAll(async () => {
    child.stdin!.end()
    if (child.exitCode === null) await once(child, 'exit')
  })

  const there = (...command: string[]) => run('nsenter', [`--target=${child.pid}`, '--net', ...command])
  const mynetstat = (...args: string[]) => there(process.execPath, binPath('mynetstat'), ...args)
  const portsOf = (text: string, ends: (words: string[]) => string[]) =>
    text
      .split('\n')
      .filter(Boolean)
      .map(line => ends(line.trim().split(/ +/)).join(' '))
      .sort()
  // Processes of others may be said not to be readable.
  const ours = (...args: string[]) =>
    portsOf(mynetstat('--no-header', '--columns', 'local-port,foreign-port', ...args).stdout, words => words)
  // Where only one state can be, ss leaves its column out.
  const bySs = (...args: string[]) =>
    portsOf(there('ss', '-H', '-n', ...args).stdout, words =>
      words.flatMap(word => /:(\d+|\*)$/.exec(word)?.[1]?.replace('*', '0') ?? []),
    )

  test.each([
    'sport = :8001',
    'dport = :8002 or sport = :8002',
    'state listening',
    'state established dst 127.0.0.1',
    'exclude listening src 127.0.0.2',
    '( sport = :8001 or dport = :8001 ) and not src 127.0.0.2',
    'sport >= :8002 and sport lt 8004',
    'dst [::1]',
    'src 127.0.0.0/8',
    'dev = lo',
    'fwmark = 0x13',
    'fwmark = 0x3/0x3',
    'not ( fwmark = 0x13 or dev lo )',
  ])('%s selects what ss selects', line => {
    const words = line.split(' ')
    const expected = bySs('-at', ...words)
    // A socket that is bound and no more is listed by ss from 6.8 on, and here where the kernel was asked.
    const selected = ours('-at', ...words).filter(ports => !(ports === '8005 0' && !expected.includes(ports)))
    expect(selected).toEqual(expected)
  })

  test('marks and devices are really asked for', () => {
    expect(ours('-at', 'fwmark', '=', '0x13')).toEqual(expect.arrayContaining(['8002 0']))
    expect(ours('-at', 'dev', 'lo')).toEqual(['8003 0'])
  })

  test('words of our own: pid, comm, rtt, peer of a unix socket', () => {
    expect(ours('-at', 'pid', '=', String(child.pid), 'and', 'sport', '=', '8001', 'state', 'listening')).toEqual([
      '8001 0',
    ])
    expect(ours('-at', 'comm', '~', 'PYTHON*', 'sport', '=', '8003')).toEqual(['8003 0'])
    expect(ours('-at', 'rtt', '<', '10s', 'dport', '=', '8001')).toHaveLength(1)
    expect(ours('-at', 'rtt', '>', '10s')).toEqual([])
    const { stdout } = mynetstat('-ax', '--json', 'dst', `@filter-scene-${process.pid}`)
    expect((JSON.parse(stdout) as { sockets: object[] }).sockets).toEqual([
      expect.objectContaining({ state: 'CONNECTED', owners: [expect.objectContaining({ pid: child.pid })] }),
    ])
  })
})
