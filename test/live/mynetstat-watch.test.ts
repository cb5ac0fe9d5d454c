import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { describe, expect, onTestFinished, test } from 'vitest'
import { loadLibc } from '../../src/libc/libc.ts'
import { needs } from '../support/needs.ts'
import { binPath, fixture } from '../support/paths.ts'
import { run } from '../support/run.ts'
import { startFixture } from './live.ts'

interface Line {
  type: string
  mark?: string
  kinds?: string[]
  before?: { state?: string; localPort?: number; owners?: { pid: number }[] }
  after?: { state?: string; localPort?: number; owners?: { pid: number }[] }
  end?: { bytesSent?: number; bytesReceived?: number }
  lived?: { ms: number; atLeast: boolean }
  closed?: number
  shortLived?: number
  lost?: number
  count?: number
}

const libc = await loadLibc()
const KOFFI = { need: 'koffi', isMet: () => libc !== undefined, remedy: 'npm install koffi' }

/** A watch in the namespace of a process, its lines as they come. */
function watch(pid: number, args: readonly string[]) {
  const command = ['-t', String(pid), '--net', process.execPath, binPath('mynetstat'), ...args, '--json']
  const child: ChildProcess = spawn('nsenter', command, { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const lines: Line[] = []
  const wanted: { is: (line: Line) => boolean; found: () => void }[] = []
  createInterface({ input: child.stdout! }).on('line', text => {
    const line = JSON.parse(text) as Line
    lines.push(line)
    for (const { is, found } of wanted) if (is(line)) found()
  })
  return {
    lines,
    line: (is: (line: Line) => boolean) =>
      lines.some(is) ? Promise.resolve() : new Promise<void>(found => wanted.push({ is, found })),
    async stop(): Promise<Line[]> {
      const ended = once(child, 'close')
      child.kill('SIGINT')
      expect(await ended).toEqual([130, null])
      return lines
    },
  }
}

const isFirst = ({ type }: Line) => type === 'sockets'

describe('mynetstat --watch', needs('root', 'namespaces', 'unshare', 'nsenter', 'ip', 'python3', KOFFI), () => {
  const start = () =>
    startFixture<{ pid: number }>('unshare', ['--net', 'python3', fixture('programs/closing-sockets.py')])

  test('1 000 closings: each is counted, or said to be missing', async () => {
    const scene = await start()
    onTestFinished(() => scene.stop())
    const watching = watch(scene.facts.pid, ['-nta', '--watch', '0.3'])
    await watching.line(isFirst)
    let closed = 0
    for (let burst = 0; burst < 5; burst += 1) {
      scene.child.stdin!.write('100\n')
      closed += (JSON.parse(await scene.line()) as { closed: number }).closed
    }
    expect(closed).toBe(1000)
    const told = () =>
      watching.lines.reduce(
        (sum, { end, count, type }) => sum + (end ? 1 : 0) + (type === 'short-lived' ? count! : 0),
        0,
      )
    for (let wait = 0; wait < 50 && told() < closed; wait += 1) await new Promise(done => setTimeout(done, 100))
    const summary = (await watching.stop()).at(-1)!
    expect(summary).toMatchObject({ type: 'summary', endsTold: true })
    expect(summary.closed! + summary.lost!).toBe(1000)
    expect(told() + summary.lost!).toBe(1000)
  })

  test('a connection that was seen: its states, then its end with bytes and lifetime', async () => {
    const scene = await start()
    onTestFinished(() => scene.stop())
    const program = `
      const net = require('net')
      const accepted = []
      const server = net.createServer(socket => accepted.push(socket.resume())).listen(7001, '127.0.0.1', () => {
        const client = net.connect(7001, '127.0.0.1')
        process.stdin.on('data', text => {
          if (String(text).includes('send')) client.write('x'.repeat(5000))
          if (String(text).includes('close')) client.destroy()
        })
      })`
    const inside = ['-t', String(scene.facts.pid), '--net', process.execPath, '-e', program]
    const peer = spawn('nsenter', inside, { stdio: ['pipe', 'ignore', 'inherit'] })
    onTestFinished(() => void peer.kill('SIGKILL'))
    const watching = watch(scene.facts.pid, ['-ntap', '--watch', '0.2'])
    const ofClient = (line: Line, state: string) =>
      line.after?.state === state && line.after.localPort !== 7001 && line.after.localPort !== 8080
    await watching.line(isFirst)
    await watching.line(line => ofClient(line, 'ESTABLISHED') || isFirst(line))
    peer.stdin.write('send\n')
    await new Promise(done => setTimeout(done, 500))
    peer.stdin.write('close\n')
    await watching.line(line => ofClient(line, 'TIME_WAIT'))
    const lines = await watching.stop()
    const closed = lines.find(line => ofClient(line, 'TIME_WAIT'))!
    expect(closed).toMatchObject({ mark: '~', kinds: ['state'], end: { bytesSent: 5000 } })
    expect(closed.lived).toBeUndefined()
    const accepted = lines.find(line => line.mark === '-' && line.before?.localPort === 7001 && line.end)
    // The kernel counts a FIN as a byte.
    expect(Math.abs(accepted!.end!.bytesReceived! - 5000)).toBeLessThanOrEqual(1)
    expect(accepted!.lived!.ms).toBeGreaterThan(300)
  })

  test('a listener that is restarted is one change, of another process', async () => {
    const scene = await start()
    onTestFinished(() => scene.stop())
    const listen = async () => {
      const program = "require('net').createServer().listen(7002, '127.0.0.1', () => console.log('{}'))"
      const inside = ['-t', String(scene.facts.pid), '--net', process.execPath, '-e', program]
      const server = await startFixture('nsenter', inside)
      onTestFinished(() => void server.child.kill('SIGKILL'))
      return server.child
    }
    let server = await listen()
    const watching = watch(scene.facts.pid, ['-ntlp', '--watch', '1'])
    await watching.line(isFirst)
    const isRestart = ({ kinds }: Line) => kinds?.includes('restarted') === true
    // A look may fall between the end of one and the start of the next.
    for (let attempt = 0; attempt < 5 && !watching.lines.some(isRestart); attempt += 1) {
      const looks = watching.lines.length
      const gone = once(server, 'exit')
      server.kill('SIGKILL')
      await gone
      server = await listen()
      await watching.line(line => watching.lines.indexOf(line) >= looks)
      await new Promise(done => setTimeout(done, 1200))
    }
    const restart = (await watching.stop()).find(isRestart)!
    expect(restart).toMatchObject({ mark: '~', before: { localPort: 7002 }, after: { localPort: 7002 } })
    expect(restart.before!.owners![0]!.pid).not.toBe(restart.after!.owners![0]!.pid)
  })
})

describe('on a terminal', needs('Linux', 'python3'), () => {
  test.each([
    ['INT', ['-nta', '--watch', '0.2'], 130],
    ['TERM', ['-nta', '--watch', '0.2'], 143],
    ['INT', ['-s', '--watch', '0.2'], 130],
  ])('SIG%s leaves it whole: mynetstat %j', (signal, args, status) => {
    const CLEAR = '\x1b[H\x1b[J'
    const program = [fixture('programs/on-terminal.py'), CLEAR, signal, process.execPath, binPath('mynetstat'), ...args]
    const { stdout, stderr } = run('python3', program)
    expect(stderr).toBe('')
    const { output, ...ended } = JSON.parse(stdout) as { output: string; status: number; modes: boolean }
    expect(ended).toEqual({ status, modes: true })
    const [before, ...screens] = output.split(CLEAR)
    expect(before).toBe('\x1b[?1049h')
    expect(screens.length).toBeGreaterThanOrEqual(2)
    const [last, rest] = screens.at(-1)!.split('\x1b[?1049l')
    expect(rest).toBeDefined()
    expect(rest).not.toContain('\x1b[?1049h')
    // 24 lines of 80 columns, no more.
    for (const screen of [...screens.slice(0, -1), last!]) {
      const lines = screen.replaceAll(/\x1b\[[0-9;]*m/g, '').split('\r\n')
      expect(lines.length).toBeLessThanOrEqual(24)
      for (const line of lines) expect(Buffer.from(line, 'latin1').toString('utf8').length).toBeLessThanOrEqual(80)
    }
  })
})
