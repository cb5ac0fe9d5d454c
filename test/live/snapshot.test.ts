import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { SourceReadError } from '../../src/errors.ts'
import { openLiveProc } from '../../src/proc/live-proc.ts'
import { parseSnapshot } from '../../src/proc/snapshot-format.ts'
import { openTree } from '../../src/proc/tree.ts'
import { needs } from '../support/needs.ts'
import { binPath } from '../support/paths.ts'
import { run } from '../support/run.ts'
import { TCP_HEADER, tcpRow } from '../support/fake-proc.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const LISTENER = TCP_HEADER + tcpRow({ inode: '4711' })

/** Runs a shell script with `$node` and `$linsight` to call. */
function shell(script: string, before: string[] = []) {
  const [command, ...args] = [...before, 'sh', '-ec', script]
  return run(command, args, { env: { node: process.execPath, linsight: binPath('linsight') } })
}

describe('the live /proc', needs('Linux'), () => {
  const live = openLiveProc()

  test('is read as it is', () => {
    expect(live.readFile('self/cmdline')).toEqual(readFileSync('/proc/self/cmdline'))
    expect(live.readLink('self/exe')).toBe(readlinkSync('/proc/self/exe'))
    expect(live.list('self/ns')).toContain('net')
    expect(live.meta).toMatchObject({ userHz: 100, netns: readlinkSync('/proc/self/ns/net') })
    expect(live.readFile('net/unix').toString('latin1')).toMatch(/^Num +RefCount/)
  })

  test('fails with the name of the system error', () => {
    const failing = [() => live.readFile('no/such'), () => live.readLink('no/such'), () => live.list('no/such')]
    for (const read of failing) expect(read).toThrow(new SourceReadError('ENOENT', 'no/such'))
  })

  test('is also a folder that --from can name', () => {
    const tree = openTree('/proc')
    expect(tree.readFile('version')).toEqual(live.readFile('version'))
    expect(tree.list('self/ns')).toEqual(live.list('self/ns'))
  })

  test('a snapshot of it holds this process and its descriptors', () => {
    const { status, stdout } = shell('exec "$node" "$linsight" snapshot save -')
    expect(status).toBe(0)
    const source = parseSnapshot(stdout, 'test')
    const pid = String(process.pid)
    expect(source.readFile(`${pid}/cmdline`)).toEqual(live.readFile(`${pid}/cmdline`))
    expect(source.readLink(`${pid}/exe`)).toBe(live.readLink(`${pid}/exe`))
    expect(source.list('net')).toEqual(expect.arrayContaining(['tcp', 'udp', 'unix', 'netlink', 'sockstat']))
    expect(source.readFile('stat').toString()).toMatch(/^btime \d+\n$/)
    expect(source.readFile('self/mountinfo').toString()).toMatch(/ \/proc .* - proc /)
    expect(source.meta.users?.[String(process.getuid?.())]).toBeDefined()
  })
})

describe('a folder with links out of it', needs('Linux'), () => {
  const around = temporaryFolder()
  const folder = join(around, 'dir')
  for (const at of ['1/fd', 'net']) mkdirSync(join(folder, at), { recursive: true })
  writeFileSync(join(around, 'secret'), 'secret')
  writeFileSync(join(folder, 'net/tcp'), LISTENER)
  symlinkSync('socket:[4711]', join(folder, '1/fd/3'))
  symlinkSync(join(around, 'secret'), join(folder, '1/cmdline'))
  symlinkSync('../../secret', join(folder, '1/comm'))
  symlinkSync(join(around, 'secret'), join(folder, 'net/udp'))
  symlinkSync('/proc/self', join(folder, '2'))
  const linsight = (...args: string[]) => run(process.execPath, [binPath('linsight'), ...args])

  test('is shown without what they lead to', () => {
    const { status, stdout, stderr } = linsight('mynetstat', '-antup', '--cmdline', '--from', folder)
    expect(status).toBe(0)
    expect(stdout).toContain('127.0.0.1:8080')
    expect(stdout).toMatch(/ 1\/-/)
    expect(stdout + stderr).not.toContain('secret')
  })

  test('is recorded without it, and without this machine', () => {
    const { status, stdout } = linsight('snapshot', 'save', '--from', folder, '-')
    expect(status).toBe(0)
    const source = parseSnapshot(stdout, 'test')
    expect(source.list('net')).toEqual(['tcp'])
    for (const read of [() => source.readFile('1/cmdline'), () => source.list('2')]) expect(read).toThrow('ENOENT')
    expect(stdout).not.toContain(process.execPath)
  })
})

const forRoot = needs('root', 'namespaces', 'unshare', 'mount', 'setpriv')

describe('the live /proc, as root', forRoot, () => {
  test('subset=pid hides net/, but not from its reader', () => {
    const script =
      'mount -t proc -o subset=pid proc /proc; ! test -e /proc/net/tcp; exec "$node" "$linsight" snapshot save -'
    const { status, stdout, stderr } = shell(script, ['unshare', '--mount', '--pid', '--fork'])
    expect({ status, stderr: stderr.includes('rror') }).toEqual({ status: 0, stderr: false })
    const source = parseSnapshot(stdout, 'test')
    expect(source.readFile('net/tcp').toString()).toMatch(/^ +sl +local_address/)
    expect(source.readFile('self/mountinfo').toString()).toContain('subset=pid')
    expect(() => source.readFile('stat')).toThrow('ENOENT')
  })

  test('another network namespace is recorded once, with a word about its settings', async () => {
    const server = "require('net').createServer().listen(4321, '0.0.0.0', () => console.log('ready'))"
    const child = spawn('unshare', ['--net', process.execPath, '-e', server], { stdio: ['ignore', 'pipe', 'inherit'] })
    onTestFinished(() => void child.kill('SIGKILL'))
    await once(child.stdout, 'data')
    const { status, stdout, stderr } = shell('exec "$node" "$linsight" snapshot save -')
    expect(status).toBe(0)
    expect(stderr).toMatch(/settings \(sysctl\) are those of this network namespace only/)
    const source = parseSnapshot(stdout, 'test')
    const tcp = source.readFile(`${child.pid}/net/tcp`).toString()
    expect(tcp).toContain(': 00000000:10E1 00000000:0000 0A ')
    expect(source.readLink(`${child.pid}/ns/net`)).toBe(readlinkSync(`/proc/${child.pid}/ns/net`))
    expect(source.readFile('net/tcp').toString()).not.toContain(tcp.split('\n')[1])
  })

  test('nobody records what nobody may see, and what was refused', () => {
    const nobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups']
    const { status, stdout, stderr } = shell('exec "$node" "$linsight" snapshot save -', nobody)
    expect(status).toBe(0)
    expect(stderr).toMatch(/files and folders could not be read and are recorded as such/)
    const source = parseSnapshot(stdout, 'test')
    expect(source.meta.uid).toBe(65534)
    expect(() => source.list(`${process.pid}/fd`)).toThrow('EACCES')
    expect(source.readFile(`${process.pid}/comm`)).toEqual(readFileSync(`/proc/${process.pid}/comm`))
    expect(source.readFile('net/tcp').length).toBeGreaterThan(0)
  })
})
