// The script that looks, run by each shell, beside a process that tries to forge what it says.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { collectorScript } from '../../src/fleet/collector/script.ts'
import { readLooks, type Looks } from '../../src/fleet/frames/read-looks.ts'
import { ArrivingAnswer } from '../../src/fleet/ssh/read-answer.ts'
import { collectSockets } from '../../src/sockets/index.ts'
import { isInetRow } from '../../src/sockets/tables/socket-row.ts'
import { needs } from '../support/needs.ts'
import { NOBODY } from '../support/run.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { until } from '../support/until.ts'

const NONCE = '0123456789abcdef'.repeat(2)
const GUESS = 'f'.repeat(32)

/** Says the port of its socket; its name, arguments and an open file are made to mislead. */
const PROGRAM = `
import ctypes, socket, sys, os
open(sys.argv[1] + "/x\\nlrwx------ 1 0 0 64 Nov 21 00:00 9 -> socket:[1]\\n", "w").close()
held = open(sys.argv[1] + "/x\\nlrwx------ 1 0 0 64 Nov 21 00:00 9 -> socket:[1]\\n")
ctypes.CDLL(None).prctl(15, b"a\\x1b\\n) R 1'")
listener = socket.socket()
listener.bind(("127.0.0.1", 0))
listener.listen(1)
print(listener.getsockname()[1], flush=True)
sys.stdin.read()
`

describe('the collector', needs('root', 'python3', 'bash', 'dash', 'busybox', 'setpriv'), () => {
  const folder = temporaryFolder()
  const bin = (name: string) => join(folder, name)
  let liar: ChildProcess
  let port = 0
  beforeAll(async () => {
    mkdirSync(bin('busybox'))
    spawnSync('busybox', ['--install', '-s', bin('busybox')])
    // A cat that has no environment: each file then has a frame.
    mkdirSync(bin('cat'))
    writeFileSync(join(bin('cat'), 'cat'), '#!/bin/sh\nexec env -i /bin/cat "$@"\n')
    chmodSync(join(bin('cat'), 'cat'), 0o755)
    const fake = `\n${GUESS} file 1/comm\nforged\n\n${GUESS} end\nLINSIGHT=${GUESS}`
    liar = spawn('python3', ['-c', PROGRAM, folder, fake], { stdio: ['pipe', 'pipe', 'inherit'] })
    let told = ''
    liar.stdout!.on('data', chunk => (told += String(chunk)))
    expect(await until(() => told.endsWith('\n'))).toBe(true)
    port = Number(told)
  })
  afterAll(() => {
    liar?.stdin?.end()
  })

  async function collect(
    shell: string[],
    path: string,
    looks: 1 | 2 = 1,
    change = (script: string) => script,
  ): Promise<Looks> {
    const { stdout, status } = spawnSync(shell[0]!, shell.slice(1), {
      input: change(collectorScript({ nonce: NONCE, looks, pauseSeconds: 1 })),
      env: { PATH: `${path}:${process.env['PATH']}`, HOME: folder },
      maxBuffer: 256 * 1024 * 1024,
    })
    expect(status).toBe(0)
    const answer = new ArrivingAnswer(NONCE, stdout.length)
    expect(answer.push(stdout, 0)).toBeUndefined()
    return readLooks(await answer.body(256 * 1024 * 1024), NONCE, 'test')
  }

  test.each([
    ['bash', ['bash', '-s'], ''],
    ['dash', ['dash', '-s'], ''],
    ['the shell and tools of busybox', ['busybox', 'sh', '-s'], 'busybox'],
    ['dash with a cat that hides its environment', ['dash', '-s'], 'cat'],
  ])('%s', async (_, shell, path) => {
    const { by, sources } = await collect(shell, path === '' ? '/bin' : bin(path))
    expect(by).toBe('collector')
    const [source] = sources
    const { entries } = source!
    expect(source!.meta).toMatchObject({ uid: 0, userHz: 100, endian: 'little', users: { 0: 'root' } })
    expect(entries.files.get('1/comm')).toEqual(readFileSync('/proc/1/comm'))
    const name = `a\x1b\n) R 1'`
    expect(entries.files.get(`${liar.pid}/comm`)?.toString('latin1')).toBe(`${name}\n`)
    expect(entries.files.get(`${liar.pid}/cmdline`)).toEqual(readFileSync(`/proc/${liar.pid}/cmdline`))
    expect([...entries.links.values()]).not.toContain('socket:[1]')
    const { sockets } = collectSockets(source!, {
      tables: ['tcp'],
      selection: { all: false, listening: true, ports: [port] },
      owners: 'full',
    })
    expect(
      sockets.map(({ row, owners }) => [isInetRow(row) && row.localPort, owners?.map(({ process }) => process.pid)]),
    ).toEqual([[port, [liar.pid]]])
    expect(sockets[0]!.owners![0]!.process.comm).toBe(name)
  })

  test('nobody: whose descriptors were refused is counted', async () => {
    const [source] = (await collect(['setpriv', ...NOBODY, 'sh', '-s'], '/bin')).sources
    expect(source!.meta.uid).toBe(65_534)
    expect(source!.entries.errors.get(`${liar.pid}/fd`)).toBe('EACCES')
    const { sockets, search } = collectSockets(source!, {
      tables: ['tcp'],
      selection: { all: false, listening: true, ports: [port] },
      owners: 'full',
    })
    expect(sockets.map(({ owners, ownerless }) => [owners, ownerless])).toEqual([
      [[], { reason: 'hidden', perhaps: true }],
    ])
    expect(search!.unreadable.get('EACCES')).toBeGreaterThan(0)
  })

  test.each([
    ['this system', ''],
    ['busybox', 'busybox'],
  ])(
    'of the flows that netfilter tracks only those are sent whose addresses it changes: awk of %s',
    async (_, path) => {
      const flow = (from: string, back: string) =>
        `ipv4     2 tcp      6 431999 ESTABLISHED ${from} packets=1 bytes=2 ${back} [ASSURED] mark=0 use=1\n`
      const asked = 'src=10.0.0.1 dst=10.9.9.9 sport=40000 dport=80'
      const plain = flow(asked, 'src=10.9.9.9 dst=10.0.0.1 sport=80 dport=40000')
      const translated = [
        flow(asked, 'src=10.0.0.2 dst=10.0.0.1 sport=8080 dport=40000'),
        flow(asked, 'src=10.9.9.9 dst=192.0.2.1 sport=80 dport=40000'),
        flow(asked, 'src=10.9.9.9 dst=10.0.0.1 sport=80 dport=50000'),
      ]
      const icmp =
        'ipv4     2 icmp     1 29 src=10.0.0.1 dst=10.0.0.2 type=8 code=0 id=7 src=10.0.0.2 dst=10.0.0.1 type=0 code=0 id=7 use=1\n'
      const file = bin('tracked')
      writeFileSync(file, [plain, ...translated, icmp, plain].join(''))
      const { sources } = await collect(['sh', '-s'], path === '' ? '/bin' : bin(path), 1, script =>
        script.replaceAll('net/nf_conntrack', file),
      )
      expect(sources[0]!.readFile(file).toString()).toBe(translated.join(''))
    },
  )

  test('two looks', async () => {
    const { sources } = await collect(['sh', '-s'], '/bin', 2)
    const [first, second] = sources.map(source => Number(source.readFile('uptime').toString().split(' ')[0]))
    expect(second! - first!).toBeGreaterThanOrEqual(0.9)
  })
})
