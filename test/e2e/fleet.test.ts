// --host with a program in the place of ssh: what it is called with, how many at a time, and what is made of the answers.
import { chmodSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { needs } from '../support/needs.ts'
import { runBin } from '../support/run.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

/** Answers as the script over there would; HOST is the word behind `--`. Counts how many of it run. */
const SSH = `#!/bin/bash
case " $* " in *" -G "*) [ "$SHARED" ] && echo "controlpath /run/own"; exit 0 ;; esac
printf '%s\\n' "$*" >> "$LOG/calls"
for word; do [ "$last" = -- ] && host=$word && break; last=$word; done
touch "$LOG/running.$$"
ls "$LOG" | grep -c '^running' >> "$LOG/counts"
read -r line; n=\${line#n=}
case $host in
  down*) rm "$LOG/running.$$"; echo "ssh: connect to host $host port 22: No route to host" >&2; exit 255 ;;
esac
sleep 0.1
echo "linsight-frames/1 $n plain $(date +%s)"
name=$host; case $host in alias) name=web1 ;; esac
printf '\\n%s machine\\nhz 100\\nuid 0\\nendian little\\n' $n
printf '\\n%s look 1700000000 %s\\n' $n $name
printf '\\n%s file stat\\nbtime 5\\n' $n
printf '\\n%s links\\nlrwxrwxrwx 1 0 0 0 Nov 21 22:04 self/ns/net -> net:[7]\\n' $n
printf '\\n%s file net/tcp\\n  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\\n' $n
printf '\\n%s end\\n' $n
rm "$LOG/running.$$"
`

describe('--host', needs('bash', 'Linux'), () => {
  const folder = temporaryFolder()
  const bins = join(folder, 'bin')
  beforeAll(() => {
    mkdirSync(bins)
    writeFileSync(join(bins, 'ssh'), SSH)
    chmodSync(join(bins, 'ssh'), 0o755)
  })

  function ask(args: readonly string[], env: NodeJS.ProcessEnv = {}, bin = 'mynetstat') {
    const log = temporaryFolder()
    const run = temporaryFolder()
    const output = runBin(bin, args, {
      env: {
        PATH: `${bins}:${process.env['PATH']}`,
        LOG: log,
        XDG_RUNTIME_DIR: run,
        HOME: folder,
        XDG_CONFIG_HOME: undefined,
        ...env,
      },
    })
    const lines = (name: string) =>
      readdirSync(log).includes(name) ? readFileSync(join(log, name), 'utf8').trim().split('\n') : []
    return { ...output, calls: lines('calls'), atOnce: Math.max(0, ...lines('counts').map(Number)), run }
  }
  const hostsOf = ({ stdout }: { stdout: string }) =>
    (JSON.parse(stdout) as { hosts: { host: string; answered: boolean }[] }).hosts.map(
      ({ host, answered }) => `${host} ${answered}`,
    )

  test('ssh gets the name behind dashes, one constant command, and a folder of its own for connections', () => {
    const { status, calls, run } = ask(['-nt', '--host', 'root@web1', '--json'])
    expect(status).toBe(0)
    expect(calls).toEqual([expect.stringMatching(/ -- root@web1 exec sh -s$/)])
    expect(calls[0]).toContain(`ControlPath=${run}/linsight/%C`)
    expect(calls[0]).toContain('-o BatchMode=yes')
    expect(readdirSync(run)).toEqual(['linsight'])
  })

  test('another configuration, root, and connections that the user shares already', () => {
    const { calls } = ask(['-nt', '--host', 'web1', '--ssh-config', '/x/config', '--become'], { SHARED: '1' })
    expect(calls[0]).toMatch(/^-F \/x\/config .* -- web1 exec sudo -n sh -s$/)
    expect(calls[0]).not.toContain('Control')
    expect(ask(['-nt', '--host', 'web1'], { LINSIGHT_SSH_CONFIG: '/y/config' }).calls[0]).toMatch(/^-F \/y\/config /)
  })

  test('so many at a time, answers in the order of the names', () => {
    const many = ask(['-nt', '--host', 'web[01-12],down1', '--parallel', '3', '--json'])
    expect(many.status).toBe(1)
    expect(many.atOnce).toBeLessThanOrEqual(3)
    expect(many.atOnce).toBeGreaterThan(1)
    expect(hostsOf(many)).toEqual([
      ...Array.from({ length: 12 }, (_, at) => `web${String(at + 1).padStart(2, '0')} true`),
      'down1 false',
    ])
  })

  test('none answers', () => {
    const { status, stderr } = ask(['-nt', '--host', 'down[1-2]'])
    expect(status).toBe(3)
    expect(stderr).toContain('down1 could not be reached by ssh: ssh: connect to host down1 port 22: No route to host')
    expect(stderr).toContain('down2 could not be reached')
    const one = ask(['--host', 'down1', '--summary', '--json'])
    expect(one.status).toBe(3)
    expect(JSON.parse(one.stdout)).toMatchObject({ error: { code: 'host-unanswered' } })
  })

  test('groups and files of hosts', () => {
    mkdirSync(join(folder, '.config/linsight'), { recursive: true })
    writeFileSync(join(folder, '.config/linsight/hosts'), 'web: web[1-2]\nall: @web, db1\n')
    const file = join(folder, 'hosts')
    writeFileSync(file, '# ours\nx1\nx2 # the other\ndb: db7\n')
    expect(hostsOf(ask(['-nt', '--json', '--host', '@all']))).toEqual(['web1 true', 'web2 true', 'db1 true'])
    expect(hostsOf(ask(['-nt', '--json', '--hosts-file', file]))).toEqual(['x1 true', 'x2 true'])
    expect(hostsOf(ask(['-nt', '--json', '--hosts-file', file, '--host', '@db,@web']))).toEqual([
      'db7 true',
      'web1 true',
      'web2 true',
    ])
    expect(ask(['-nt', '--host', '@none'])).toMatchObject({ status: 2, stderr: expect.stringContaining('@web, @all') })
    expect(ask(['-nt', '--hosts-file', join(folder, 'none')])).toMatchObject({ status: 4 })
  })

  test('two names of one machine count once', () => {
    const { stdout, status } = ask(['-nt', '--host', 'web1,alias', '--json'])
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      warnings: expect.arrayContaining([expect.objectContaining({ code: 'host-named-twice' })]),
    })
  })

  test.each([
    ['--become alone', ['--become']],
    ['a recording, too', ['--host', 'web1', '--from', 'x.json']],
    ['a byte order', ['--host', 'web1', '--endian', 'big']],
    ['again and again', ['--host', 'web1', '-c']],
    ['--watch', ['--host', 'web1', '--watch']],
    ['a question about one', ['--host', 'web1,web2', '--health']],
    ['a column about one', ['--host', 'web1,web2', '--columns', 'local,peer']],
    ['unix sockets of several', ['--host', 'web1,web2', '-x']],
    ['no host', ['--host', '']],
  ])('refuses %s', (_, args) => {
    expect(ask(args)).toMatchObject({ status: 2, calls: [] })
  })

  test('a recording is a file of its own for each', () => {
    const to = temporaryFolder()
    const { status, stderr } = ask(['snapshot', 'save', '--host', 'web[1-2]', to], {}, 'linsight')
    expect(status).toBe(0)
    expect(stderr).toContain('web1.snap.json.gz: ')
    expect(readdirSync(to).toSorted()).toEqual(['web1.snap.json.gz', 'web2.snap.json.gz'])
  })
})
