import { beforeAll, describe, expect, test } from 'vitest'
import { needs } from '../support/needs.ts'
import { binPath } from '../support/paths.ts'
import { run } from '../support/run.ts'

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
dual = socket.socket(socket.AF_INET6); dual.bind(("::", 7403)); dual.listen(5)
held += [dual, socket.create_connection(("127.0.0.1", 7403)), dual.accept()[0]]
held.append(socket.socket(socket.AF_INET, socket.SOCK_RAW, 1))
node, mynetstat = sys.argv[1:3]
look = lambda command: subprocess.run(command, capture_output=True, text=True).stdout
print(json.dumps([[flags, look(["netstat", *flags]), look([node, mynetstat, "--compat", *flags])] for flags in json.loads(sys.argv[3])]))
`

const needed = needs('root', 'namespaces', 'unshare', 'ip', 'python3', 'netstat')

const FLAGS = [
  ['-at'],
  ['-ate'],
  ['-atup'],
  ['-l'],
  ['-ae', '--numeric-hosts'],
  ['-ae', '--numeric-ports'],
  ['-ae', '--numeric-users'],
]

/** The output of netstat and of mynetstat for each of the flags. */
function lookTwice(): { looks: [flags: string[], theirs: string, ours: string][]; stderr: string } {
  const bringUp = 'ip link set lo up && exec python3 -c "$@"'
  const look = [HOLD_AND_LOOK, process.execPath, binPath('mynetstat'), JSON.stringify(FLAGS)]
  const { stdout, stderr } = run('unshare', ['-n', 'sh', '-c', bringUp, 'sh', ...look])
  return { looks: stdout === '' ? [] : JSON.parse(stdout), stderr }
}

describe('names of hosts, services, protocols and users', needed, () => {
  let seen: ReturnType<typeof lookTwice>
  beforeAll(() => {
    seen = lookTwice()
  })

  test('netstat and mynetstat looked at the same sockets', () => {
    expect(seen.stderr).toBe('')
    expect(seen.looks).toHaveLength(FLAGS.length)
    expect(seen.looks[0]![1]).toContain('localhost')
    // An IPv4 address of tcp6 has a name of DNS, not of the hosts file.
    expect(seen.looks[0]![1]).toContain('127.0.0.1:7403')
  })

  test.each(FLAGS.map((flags, i) => [flags.join(' '), i] as const))('%s', (_, i) => {
    const [, theirs, ours] = seen.looks[i]!
    // Their connection shows whoever reads unix sockets: only the internet part stands still.
    const inet = (text: string) => text.split('Active UNIX')[0]
    expect(inet(ours)).toBe(inet(theirs))
  })
})
