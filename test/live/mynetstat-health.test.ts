// Sockets in which one thing is wrong, each in a network namespace of its own.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { needs } from '../support/needs.ts'
import { binPath, fixture } from '../support/paths.ts'
import { run } from '../support/run.ts'
import { schemaErrors } from '../support/schemas.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const SCENES = fixture('programs/unwell-sockets.py')
/** An address whose neighbour is known and never answers. */
const NETWORK =
  'ip link set lo up; ip link add v0 type veth peer name v1; ip addr add 192.0.2.1/24 dev v0; ip link set v0 up; ip link set v1 up; ip neigh add 192.0.2.9 lladdr 02:00:00:00:00:09 dev v0 nud permanent'

interface Health {
  findings: { code: string; severity: string; culprit?: { pid: number }; finding: string; evidence: string[] }[]
  looked: { looks: number; seconds: number; sockets: number; processes: number }
}

let scene: ChildProcess | undefined

/** Starts a scene; the program may be given another name. */
async function start(name: string, program = 'python3', rules = 'true'): Promise<Record<string, number>> {
  const script = `${NETWORK}; ${rules}; exec -a "$0" "$(python3 -c 'import sys; print(sys.executable)')" "$@"`
  scene = spawn('unshare', ['--net', 'bash', '-c', script, program, SCENES, name], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const next = await createInterface({ input: scene.stdout! })[Symbol.asyncIterator]().next()
  return JSON.parse(String(next.value)) as Record<string, number>
}

function mynetstat(...args: string[]) {
  return run('nsenter', [
    '--net',
    '--target',
    String(scene!.pid),
    '--',
    process.execPath,
    binPath('mynetstat'),
    ...args,
  ])
}

function health(...args: string[]): { status: number | null; report: Health } {
  const { stdout, status } = mynetstat('--health', '--duration', '1.2s', '--json', ...args)
  const report = JSON.parse(stdout) as Health
  expect(schemaErrors('socket-health', report)).toEqual([])
  return { status, report }
}

afterEach(async () => {
  scene?.stdin?.end()
  if (scene !== undefined && scene.exitCode === null && scene.signalCode === null) await once(scene, 'exit')
  scene = undefined
})

describe('one thing is wrong', needs('root', 'namespaces', 'unshare', 'nsenter', 'ip', 'bash', 'python3'), () => {
  test.each([
    ['full-queue', 'accept-queue-full', 'critical', 'pid'],
    ['unserved', 'accept-queue-not-served', 'warning', 'pid'],
    ['reuseport', 'reuseport-member-stuck', 'critical', 'stuck'],
    ['unread', 'reader-stuck', 'critical', 'reader'],
    ['udp-drops', 'udp-receive-drops', 'critical', 'pid'],
    ['close-wait', 'close-wait-leak', 'warning', 'pid'],
    ['no-answer', 'connect-timeout', 'critical', 'pid'],
  ])('%s: %s names who, and nothing else is accused', async (name, code, severity, who) => {
    const facts = await start(name)
    const { status, report } = health()
    expect(report.findings).toMatchObject([{ code, severity, culprit: { pid: facts[who] } }])
    expect(status).toBe(1)
  })

  test('a way that loses segments: who sends over it', needs('nft'), async () => {
    const rule = 'tcp dport 9000 numgen random mod 10 < 1 drop'
    const rules = `nft 'table inet t { chain i { type filter hook input priority 0; ${rule}; }; }'`
    const { sender } = await start('lossy', 'python3', rules)
    let { status, report } = health()
    // What gets lost is chosen at random: there are seconds in which little does.
    for (let more = 3; more > 0 && report.findings.length === 0; more -= 1) ({ status, report } = health())
    expect(report.findings).toMatchObject([{ code: 'retransmits', severity: 'warning' }])
    expect(report.findings[0]!.evidence.join()).toContain(`(pid ${sender}) to 127.0.0.1:9000`)
    expect(status).toBe(1)
  })

  test('handshakes that are not finished', needs('nft'), async () => {
    // The third segment, without SYN, does not arrive.
    const rule = 'tcp dport 9001 tcp flags & syn == 0 drop'
    const rules = `nft 'table inet t { chain i { type filter hook input priority 0; ${rule}; }; }'`
    const { pid } = await start('handshakes', 'python3', rules)
    const { report } = health()
    expect(report.findings).toMatchObject([
      {
        code: 'syn-backlog',
        severity: 'warning',
        finding: expect.stringContaining(`python3 (pid ${pid}) has 70 half-open handshakes`),
      },
    ])
  })

  test('both ends of what is not read are named', async () => {
    const { reader, sender } = await start('unread')
    const { report } = health()
    expect(report.findings[0]!.finding).toMatch(
      new RegExp(`\\(pid ${reader}\\) does not read .*\\(pid ${sender}\\) cannot send$`),
    )
  })

  test('a stopped server', async () => {
    const { pid } = await start('unserved')
    process.kill(pid!, 'SIGSTOP')
    try {
      expect(health().report.findings).toMatchObject([
        {
          code: 'accept-queue-not-served',
          severity: 'critical',
          finding: expect.stringContaining(`(pid ${pid}) is stopped`),
        },
      ])
    } finally {
      process.kill(pid!, 'SIGCONT')
    }
  })

  test('nothing is wrong with a server that works', async () => {
    await start('fine')
    const { stdout, status } = mynetstat('--health', '--duration', '1.2s')
    expect(stdout).toMatch(
      /^nothing wrong found among \d+ TCP and UDP sockets of \d+ process(es)?, in two looks 1\.\d s apart\n/,
    )
    expect(status).toBe(0)
  })

  test('a hostile name stays one word', async () => {
    const { pid } = await start('full-queue', 'x\x1b[31m (pid 1)')
    const { stdout } = mynetstat('--health', '--duration', '100ms')
    expect(stdout).toContain(`'x\\x1b[31m (pid 1)' (pid ${pid}) does not accept`)
    expect(stdout).not.toContain('\x1b')
  })

  test('from outside, in a namespace that is named', async () => {
    const { pid } = await start('unserved')
    const { stdout, status } = run(process.execPath, [
      binPath('mynetstat'),
      '--health',
      '--netns',
      String(pid),
      '--duration',
      '1.2s',
      '--json',
    ])
    const report = JSON.parse(stdout) as Health
    expect(schemaErrors('socket-health', report)).toEqual([])
    expect(report).toMatchObject({
      findings: [{ code: 'accept-queue-not-served', culprit: { pid } }],
      looked: { looks: 2, sockets: 7 },
    })
    expect(status).toBe(1)
  })

  test('two recordings are two looks', async () => {
    const { pid } = await start('close-wait')
    const files = ['old', 'new'].map(name => join(temporaryFolder(), `${name}.snap.json`))
    for (const file of files)
      expect(
        run('nsenter', [
          '--net',
          '--target',
          String(scene!.pid),
          '--',
          process.execPath,
          binPath('linsight'),
          'snapshot',
          'save',
          file,
        ]).status,
      ).toBe(0)
    const compare = (...args: string[]) => mynetstat('--health', '--json', ...args)
    const { stdout, status } = compare('--before', files[0]!, '--from', files[1]!)
    expect(JSON.parse(stdout)).toMatchObject({
      looked: { looks: 2 },
      findings: [
        {
          code: 'close-wait-leak',
          culprit: { pid },
          evidence: [
            expect.stringContaining('60 of them in both looks'),
            expect.stringContaining(`(/proc/${pid}/limits)`),
            expect.stringMatching(/^its thread sleeps, in \w/),
          ],
        },
      ],
    })
    expect(status).toBe(1)
    expect(compare('--before', files[1]!, '--from', files[0]!)).toMatchObject({
      status: 4,
      stdout: expect.stringContaining('is not older than'),
    })
    const other = join(temporaryFolder(), 'other.snap.json')
    writeFileSync(
      other,
      JSON.stringify({ schema: 'linsight/snapshot/1', meta: { host: 'elsewhere' }, files: { 'net/tcp': '' } }),
    )
    expect(compare('--before', other)).toMatchObject({
      status: 4,
      stdout: expect.stringContaining('not of one machine'),
    })
  })
})
