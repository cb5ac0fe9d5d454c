import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { binPath, fixture, ROOT, ZOO } from '../support/paths.ts'
import { runBin } from '../support/run.ts'

const PORT_HINT = 'a port is a number, the name of a service, or *'

const mynetstat = (...args: string[]) => runBin('mynetstat', args)
const fromZoo = (...args: string[]) => mynetstat(...args, '--from', ZOO)

describe('mynetstat', () => {
  test('-ntlp shows the listeners with every owner, in netstat’s columns', () => {
    const { status, stdout } = fromZoo('-ntlp')
    expect(status).toBe(0)
    expect(stdout.split('\n').slice(0, 4)).toEqual([
      'Active Internet connections (only servers)',
      'Proto Recv-Q Send-Q Local Address                               Foreign Address         State       PID/Program name',
      'tcp        0      0 127.0.0.1:10050                             0.0.0.0:*               LISTEN      11/python3,63/python3',
      'tcp        0      0 127.0.0.1:1030                              0.0.0.0:*               LISTEN      11/python3,63/python3',
    ])
  })

  test('is the same command under the umbrella', () => {
    expect(runBin('linsight', ['mynetstat', '-ntlp', '--from', ZOO]).stdout).toBe(fromZoo('-ntlp').stdout)
  })

  test.each(['-antp', '-a -n -t -p', '--all --numeric --tcp --programs', '-nap -t'])(
    'flags bundle as people type them: %s',
    flags => {
      expect(fromZoo(...flags.split(' ')).stdout).toBe(fromZoo('-antp').stdout)
    },
  )

  test('filters select rows, in text as in JSON, and say what they could not tell', () => {
    const filter = [
      'state',
      'close-wait',
      'comm',
      '=',
      'python3',
      'and',
      '(',
      'fwmark',
      '=',
      '3',
      'or',
      'sport',
      '=',
      '1007',
      ')',
    ]
    const { stdout, stderr } = fromZoo('-ant', ...filter)
    expect(stdout.trimEnd().split('\n').slice(2)).toEqual([expect.stringContaining(' 127.0.0.1:1007 ')])
    expect(stderr).toMatch(/1 socket is left out .*: fwmark\n/)
    const json = JSON.parse(fromZoo('-ant', '--json', ...filter).stdout) as Record<string, unknown>
    expect(json).toMatchObject({
      filter: {
        expression: 'state close-wait and ( comm = python3 and ( fwmark = 0x3 or sport = 1007 ) )',
        unknownSockets: 1,
      },
      sockets: [{ localPort: 1007 }],
    })
  })

  test('in a pipe every row is aligned and whole', () => {
    const lines = fromZoo('-antp').stdout.trimEnd().split('\n').slice(1)
    const at = lines[0]!.indexOf('State')
    for (const line of lines) expect(line.slice(at - 1, at + 12)).toMatch(/^ [A-Z][A-Z_a-z0-9]* +$/)
    expect(lines.join('\n')).toContain('2001:db8')
  })

  test.each([
    ['-ntlp', ['--program', '-ntl']],
    ['-antpo', ['--al', '--numeric', '--tcp', '--prog', '--timer']],
    ['-ntl', ['--list', '--numeric', '-t', '-N', '-F', '-C']],
  ])('%s as Debian’s netstat spells it: %j', (flags, words) => {
    expect(fromZoo(...words)).toEqual(fromZoo(flags))
  })

  test('--json of a narrow question is small; what no table lists is named on request', () => {
    const narrow = fromZoo('-ntl', ':1', '--json').stdout
    expect(JSON.parse(narrow)).toMatchObject({ sockets: [], unlistedSockets: 6 })
    expect(narrow.length).toBeLessThan(400)
    const whole = JSON.parse(fromZoo('-ntl', ':1', '--json', '--unlisted').stdout) as { unlisted: { inode: string }[] }
    expect(whole.unlisted).toHaveLength(6)
    expect(whole.unlisted[0]).toMatchObject({ netns: 'net:[4026532179]' })
  })

  test('-c with a number that may be meant as a port says what it takes it for', async () => {
    const child = spawn(process.execPath, [binPath('mynetstat'), '-nt', '-c', '80'])
    let stderr = ''
    child.stderr.on('data', chunk => (stderr += String(chunk)))
    child.stdout.resume().once('data', () => child.kill('SIGTERM'))
    await new Promise(resolve => child.on('close', resolve))
    expect(stderr).toBe('mynetstat: again every 80 seconds\n  a port is written :80\n')
  })

  test('a port is a question of its own', () => {
    const { stdout } = fromZoo('-np', ':1001', '--no-header')
    const states = stdout
      .split('\n')
      .filter(Boolean)
      .map(line => line.split(/\s+/)[5])
    expect(states).toEqual(['LISTEN', 'ESTABLISHED', 'ESTABLISHED', 'ESTABLISHED', 'ESTABLISHED'])
    expect(fromZoo('-np', '1001', '--no-header').stdout).toBe(stdout)
    expect(fromZoo('-nlp', ':1001', '--no-header').stdout.split('\n').filter(Boolean)).toHaveLength(1)
  })

  test('--json holds everything known, and the table shows the same sockets', () => {
    const document = JSON.parse(fromZoo('-ntl', '--json').stdout) as {
      schema: string
      sockets: { localPort: number; owners: { pid: number; args: string[] }[] }[]
      warnings: unknown[]
      unreadable: object
    }
    expect(document).toMatchObject({
      schema: 'linsight/sockets/1',
      host: 'zoo',
      source: ZOO,
      warnings: [],
      unreadable: {},
    })
    const rows = fromZoo('-ntl', '--no-header').stdout.trim().split('\n')
    expect(document.sockets).toHaveLength(rows.length)
    expect(document.sockets.find(socket => socket.localPort === 1001)?.owners.map(owner => owner.pid)).toEqual([11, 63])
  })

  test('--columns and --sort', () => {
    const { stdout } = fromZoo('-ntl', '--columns', 'local-port,pid,program', '--sort', 'local-port:desc')
    expect(stdout.split('\n').slice(0, 3)).toEqual([
      'Local Port PID   Program',
      '     10050 11,63 python3',
      '      4012 85    python3',
    ])
    expect(fromZoo('-antp', '--sort', 'recv-q:desc', '--no-header').stdout.split('\n')[0]).toMatch(/^tcp +128512 /)
  })

  test('--cmdline shows arguments, quoted where a blank would hide their ends', () => {
    const row = fromZoo('-ntl', '--cmdline', ':4002').stdout.split('\n')[2]
    expect(row).toContain(String.raw`evil\x1b[31mRED`)
  })

  test('--compat writes the raw bytes of names', () => {
    const { stdout } = runBin('mynetstat', ['-anx', '--compat', '--from', ZOO], { encoding: 'latin1' })
    expect(stdout).toContain('bad\xff\xfeutf8.sock')
    expect(stdout).not.toContain('\x1b')
  })

  test('without -n a recording shows service names but asks no name server', () => {
    expect(fromZoo('-tl', '--no-header', ':22').stdout).toMatch(/127\.0\.0\.1:(ssh|22) /)
  })

  test('the same through an archive of the tree', () => {
    expect(mynetstat('-antp', '--from', fixture('zoo.proc.tar')).stdout).toBe(fromZoo('-antp').stdout)
  })

  test('LINSIGHT_FROM chooses the recording', () => {
    expect(runBin('mynetstat', ['-ntl'], { env: { LINSIGHT_FROM: ZOO } }).stdout).toBe(fromZoo('-ntl').stdout)
  })

  test('--color=always colours, NO_COLOR and pipes do not', () => {
    expect(fromZoo('-ntl', '--color', 'always').stdout).toContain('\x1b[32mLISTEN\x1b[39m')
    expect(fromZoo('-ntl').stdout).not.toContain('\x1b')
  })

  test('-A chooses families, -w includes ping sockets, packet and netlink are there for the asking', () => {
    const protocols = (...args: string[]) => [
      ...new Set(
        fromZoo('-an', '--no-header', ...args)
          .stdout.split('\n')
          .filter(Boolean)
          .map(line => line.split(' ')[0]),
      ),
    ]
    expect(protocols('-A', 'inet')).toEqual(['tcp', 'udp', 'udpl', 'raw', 'icmp'])
    expect(protocols('-A', 'inet6,unix')).toEqual(['tcp6', 'udp6', 'udpl6', 'raw6', 'icmp6', 'unix'])
    expect(protocols('-w')).toEqual(['raw', 'raw6', 'icmp', 'icmp6'])
    expect(protocols('--packet', '--netlink')).toEqual(['packet', 'netlink'])
  })

  test('a closed pipe ends it quietly', async () => {
    const child = spawn('/bin/sh', [
      '-c',
      `"$0" "$1" -anp --from "$2" | head -n 1`,
      process.execPath,
      binPath('mynetstat'),
      ZOO,
    ])
    let stderr = ''
    child.stderr.on('data', chunk => (stderr += String(chunk)))
    await new Promise(resolve => child.on('close', resolve))
    expect(stderr).not.toMatch(/EPIPE|Error/)
  })
})

describe('errors are one sentence', () => {
  test.each([
    [['--frobnicate'], 2, 'mynetstat: there is no flag --frobnicate\n  see mynetstat --help\n'],
    [['-M'], 2, 'mynetstat: mynetstat shows sockets and has no --masquerade\n  use: conntrack -L --src-nat\n'],
    [
      ['-A', 'foo'],
      2,
      'mynetstat: there is no address family foo in -A; known are inet, inet6, unix, packet, netlink\n  several are written with commas: -A inet,unix\n',
    ],
    [['--colmns', 'pid'], 2, 'mynetstat: there is no flag --colmns\n  did you mean --columns?\n'],
    [['--columns', 'progam'], 2, 'mynetstat: --columns knows no column progam\n  did you mean program?\n'],
    [
      ['--compat', '--sort', 'pid'],
      2,
      'mynetstat: --sort and --compat do not go together\n  --compat prints what netstat prints and nothing else\n',
    ],
    [
      ['-c', '0'],
      2,
      'mynetstat: 0 is no number of seconds that -c can wait\n  give more than 0 and at most 2147483; a port is written :8080\n',
    ],
    [
      ['--endian', 'big', '--from', ZOO],
      2,
      `mynetstat: the recording ${ZOO} says that its machine is little-endian\n  leave --endian out\n`,
    ],
    [['http'], 2, 'mynetstat: http is no port\n  a port is written :8080 or 8080\n'],
    [
      ['-ant', 'dst', '10.0.0.0/8', 'and', 'sprot', '=', '80'],
      2,
      'mynetstat: sprot is no port and no word of a filter\n  dst 10.0.0.0/8 and sprot = 80\n                     ^^^^^\n  did you mean sport?\n',
    ],
    [['--', 'sport', '=', '-1'], 2, `mynetstat: -1 is no port\n  sport = -1\n          ^^\n  ${PORT_HINT}\n`],
    [['--sort', 'pid:up'], 2, 'mynetstat: --sort pid:up ends in neither :asc nor :desc\n  write --sort pid:desc\n'],
    [
      ['-c', '--from', ZOO],
      2,
      'mynetstat: -c repeats a live reading; a recording never changes\n  leave out -c, or --from\n',
    ],
    [
      ['--from', '/does/not/exist'],
      4,
      'mynetstat: there is no recording at /does/not/exist\n  make one with: linsight snapshot save FILE\n',
    ],
  ])('%j', (args, status, stderr) => {
    expect(mynetstat(...args)).toEqual({ status, stdout: '', stderr })
  })

  test('under --json an error is a document on stdout', () => {
    const { status, stdout, stderr } = mynetstat('--json', '--from', '/does/not/exist')
    expect({ status, stderr }).toEqual({ status: 4, stderr: '' })
    expect(JSON.parse(stdout)).toEqual({
      error: {
        code: 'input-missing',
        message: 'there is no recording at /does/not/exist',
        exit: 4,
        hint: 'make one with: linsight snapshot save FILE',
      },
    })
  })

  test('a flag of ours behind -- is none', () => {
    expect(mynetstat('--', '--json').stderr).toBe('mynetstat: --json is no port\n  a port is written :8080 or 8080\n')
  })
})

describe('help and version', () => {
  test.each(['--help', '-h', '-anh'])('%s opens with examples', flag => {
    const { status, stdout } = mynetstat(flag)
    expect(status).toBe(0)
    expect(stdout.indexOf('EXAMPLES')).toBeGreaterThan(0)
    expect(stdout.indexOf('EXAMPLES')).toBeLessThan(stdout.indexOf('USAGE'))
    for (const section of ['FIELDS', 'EXIT CODES']) expect(stdout).toContain(`\n${section}\n`)
  })

  test.each(['--version', '-V', '-nV'])('%s', flag => {
    const { version } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')) as { version: string }
    expect(mynetstat(flag).stdout).toContain(`linsight/${version} `)
  })
})
