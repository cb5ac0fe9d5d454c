import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { binPath, fixture } from '../support/paths.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { startFixture } from './live.ts'

export interface Answer {
  status: number
  body: string
}

/** A program that was started in the scene; `said` is what it has printed so far. */
export interface Started {
  child: ChildProcess
  said: () => string
}

/** A network namespace with the sockets of fixtures/programs/metrics-load.py, and programs in it. */
export interface MetricsScene {
  folder: string
  start(command: string, args: readonly string[]): Started
  /** Starts `linsight metrics serve` on a free port; its URL. */
  serve(args: readonly string[]): Promise<string>
  fetch(urls: readonly string[]): Answer[]
  /** Runs a program to its end in the namespace. */
  run(command: string, args: readonly string[]): { status: number | null; stdout: string; stderr: string }
  /** Waits until it is true, at most so long; false where it does not come. */
  until(isMet: () => boolean, limitMs: number): Promise<boolean>
  stop(): Promise<void>
}

export async function startMetricsScene(): Promise<MetricsScene> {
  const load = await startFixture<{ pid: number }>('unshare', ['--net', 'python3', fixture('programs/metrics-load.py')])
  const enter = ['--net=/proc/' + String(load.facts.pid) + '/ns/net', '--']
  const folder = temporaryFolder()
  const started: ChildProcess[] = []

  const start: MetricsScene['start'] = (command, args) => {
    const log = join(folder, `${started.length}.log`)
    writeFileSync(log, '')
    const child = spawn('nsenter', [...enter, command, ...args], { stdio: ['ignore', 'pipe', 'pipe'], cwd: folder })
    let said = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (said += text.toString()))
    started.push(child)
    return { child, said: () => said }
  }
  const run: MetricsScene['run'] = (command, args) =>
    spawnSync('nsenter', [...enter, command, ...args], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
  const until: MetricsScene['until'] = async (isMet, limitMs) => {
    const end = performance.now() + limitMs
    while (performance.now() < end) {
      if (isMet()) return true
      await sleep(250)
    }
    return isMet()
  }
  return {
    folder,
    start,
    run,
    until,
    async serve(args) {
      const { child, said } = start(process.execPath, [
        binPath('linsight'),
        'metrics',
        'serve',
        '--listen',
        '127.0.0.1:0',
        ...args,
      ])
      const url = () => /listening on (\S+)/.exec(said())?.[1]
      await until(() => url() !== undefined || child.exitCode !== null, 30_000)
      if (url() === undefined) throw new Error(`linsight metrics serve does not listen: ${said()}`)
      return url()!
    },
    fetch: urls => JSON.parse(run(process.execPath, [fixture('children/fetch-all.mjs'), ...urls]).stdout) as Answer[],
    async stop() {
      const running = started.filter(child => child.exitCode === null && child.signalCode === null)
      const ended = running.map(child => once(child, 'exit'))
      for (const child of running) child.kill('SIGTERM')
      const late = setTimeout(() => running.forEach(child => child.kill('SIGKILL')), 20_000)
      await Promise.all(ended)
      clearTimeout(late)
      await load.stop()
    },
  }
}

/** A CA, and a certificate of it for 127.0.0.1, in a folder: ca.pem, cert.pem, key.pem. */
export function makeCertificates(folder: string): void {
  const at = (name: string) => join(folder, name)
  const openssl = (...args: string[]) => {
    const { status, stderr } = spawnSync('openssl', args, { encoding: 'utf8' })
    if (status !== 0) throw new Error(`openssl ${args[0]}: ${stderr}`)
  }
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  openssl('req', '-x509', ...key, '-keyout', at('ca.key'), '-out', at('ca.pem'), '-subj', '/CN=test', '-days', '2')
  openssl('req', ...key, '-keyout', at('key.pem'), '-out', at('cert.csr'), '-subj', '/CN=web')
  writeFileSync(at('san'), 'subjectAltName=IP:127.0.0.1')
  const signed = ['-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-CAcreateserial', '-extfile', at('san'), '-days', '2']
  openssl('x509', '-req', '-in', at('cert.csr'), '-out', at('cert.pem'), ...signed)
}

/** Every expression of the dashboard, its variables replaced. */
export function dashboardExpressions(file: string): string[] {
  const { panels } = JSON.parse(readFileSync(file, 'utf8')) as { panels: { targets?: { expr: string }[] }[] }
  return panels.flatMap(({ targets = [] }) =>
    targets.map(({ expr }) => expr.replaceAll('$__rate_interval', '30s').replaceAll('$instance', '.*')),
  )
}
