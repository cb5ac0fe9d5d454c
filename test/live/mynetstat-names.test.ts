import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { ROOT } from '../e2e/run-bin.ts'

/** A few sockets with well-known ports, held while netstat and mynetstat look at them in turn. */
const HOLD_AND_LOOK = `
import socket, subprocess, sys, json
held = []
for port in (22, 80, 8081):
    server = socket.socket(); server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind(("127.0.0.1", port)); server.listen(5)
    held += [server, socket.create_connection(("127.0.0.1", port))]
for family, kind, where in ((socket.AF_INET, socket.SOCK_DGRAM, ("0.0.0.0", 53)), (socket.AF_INET6, socket.SOCK_STREAM, ("::", 443)), (socket.AF_INET6, socket.SOCK_STREAM, ("::1", 444))):
    one = socket.socket(family, kind); one.bind(where); held.append(one)
    if kind == socket.SOCK_STREAM: one.listen(1)
held.append(socket.socket(socket.AF_INET, socket.SOCK_RAW, 1))
node, mynetstat = sys.argv[1:3]
look = lambda command: subprocess.run(command, capture_output=True, text=True).stdout
print(json.dumps([[flags, look(["netstat", *flags]), look([node, mynetstat, "--compat", *flags])] for flags in json.loads(sys.argv[3])]))
`

const FLAGS = [
  ['-at'],
  ['-ate'],
  ['-atup'],
  ['-l'],
  ['-ae', '--numeric-hosts'],
  ['-ae', '--numeric-ports'],
  ['-ae', '--numeric-users'],
]

describe.skipIf(process.platform !== 'linux' || process.getuid?.() !== 0)(
  'names of hosts, services, protocols and users (needs Linux, root, net-tools)',
  () => {
    const { stdout, stderr } = spawnSync(
      'unshare',
      [
        '-n',
        'sh',
        '-c',
        'ip link set lo up && exec python3 -c "$@"',
        'sh',
        HOLD_AND_LOOK,
        process.execPath,
        `${ROOT}bin/mynetstat.cjs`,
        JSON.stringify(FLAGS),
      ],
      { encoding: 'utf8' },
    )
    const looks = stdout === '' ? [] : (JSON.parse(stdout) as [string[], string, string][])

    test('netstat and mynetstat looked at the same sockets', () => {
      expect(stderr).toBe('')
      expect(looks).toHaveLength(FLAGS.length)
      expect(looks[0]![1]).toContain('localhost')
    })

    test.each(looks.map(([flags, theirs, ours]) => ({ flags: flags.join(' '), theirs, ours })))(
      '$flags',
      ({ theirs, ours }) => {
        // Their connection shows whoever reads unix sockets: only the internet part stands still.
        const inet = (text: string) => text.split('Active UNIX')[0]
        expect(inet(ours)).toBe(inet(theirs))
      },
    )
  },
)
