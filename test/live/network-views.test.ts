// netstat's other views beside the real netstat, in a network namespace with routes and interfaces of many kinds.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { needs } from '../support/needs.ts'
import { binPath } from '../support/paths.ts'
import { run } from '../support/run.ts'
import { until } from '../support/until.ts'
import { startFixture, type Fixture } from './live.ts'

/** A new interface goes on sending of itself for some seconds. */
const SETTLED_MS = 60_000

const SCENE = `
set -e
mount -t sysfs sysfs /sys
echo 0 > /proc/sys/net/ipv6/conf/default/accept_dad
ip link set lo up
ip link add v0 type veth peer name v1
ip link set v0 up && ip link set v1 up
ip address add 192.0.2.1/24 brd + dev v0
ip address add 192.0.2.77/24 dev v0 label v0:1
ip address add 198.51.100.5 peer 198.51.100.6 dev v1
ip -6 address add 2001:db8:1234:5678:9abc:def0:1234:5678/64 dev v0 nodad
ip link add v10 type veth peer name v2
ip route add default via 192.0.2.254
ip route add 10.1.0.0/16 via 192.0.2.3 metric 50
ip route add blackhole 10.2.0.0/16
ip route add unreachable 10.3.0.0/16 metric 7
ip route add prohibit 10.33.3.3
ip route add 10.4.4.4 via 192.0.2.4 window 1000 advmss 1400
ip route add 10.5.0.0/16 nexthop via 192.0.2.5 weight 1 nexthop via 192.0.2.6 weight 2
ip route add 10.6.0.0/16 via 192.0.2.7 table 100
ip route add 10.7.0.0/16 dev v0 metric 4294967295
ip -6 route add default via fe80::fe dev v0 metric 300
ip -6 route add blackhole 2001:db8:dead::/48
echo '{}'
cat > /dev/null
`

describe('beside netstat', needs('root', 'namespaces', 'netstat', 'ip', 'unshare', 'nsenter', 'mount'), () => {
  let scene: Fixture<object>
  beforeAll(async () => {
    scene = await startFixture('unshare', ['--net', '--mount', 'sh', '-c', SCENE])
  })
  afterAll(() => scene.stop())

  const inside = (command: string, args: readonly string[]) =>
    run('nsenter', ['-t', String(scene.child.pid), '--net', '--mount', command, ...args], { encoding: 'latin1' })
  const mynetstat = (args: readonly string[]) => inside(process.execPath, [binPath('mynetstat'), ...args])

  test.each(
    [
      ['-rn', '-rne', '-rnee', '-rn6', '-rn46', '-rN', '-rnC', '-rnFC'],
      ['-i', '-ia', '-ie', '-iea', '-gn'],
      ['-s', '-s6', '-st', '-su', '-sw', '-st6'],
    ].flat(),
  )('%s --compat is byte for byte the same', flags => {
    // The kernel itself sends now and then (IPv6): where it did, both are asked once more.
    let ours: ReturnType<typeof run> | undefined
    let before = inside('netstat', [flags])
    for (let attempt = 0; attempt < 10; attempt += 1) {
      ours = mynetstat([flags, '--compat'])
      const after = inside('netstat', [flags])
      if (after.stdout === before.stdout) break
      before = after
    }
    expect(ours).toEqual({ status: 0, stdout: before.stdout, stderr: before.stderr })
    expect(before.stdout.length).toBeGreaterThan(20)
  })

  test('-r -v names what /proc does not tell', () => {
    const { stdout, stderr } = mynetstat(['-r', '-n', '-v', '--json'])
    expect(stderr).toBe('')
    const { allRoutes, warnings } = JSON.parse(stdout) as {
      allRoutes: { destination: string; type: string; table: string; nextHops: object[] }[]
      warnings: object[]
    }
    const of = (destination: string) => allRoutes.find(route => route.destination === destination)
    expect(warnings).toEqual([])
    expect([of('10.2.0.0/16')?.type, of('10.3.0.0/16')?.type, of('10.33.3.3')?.type]).toEqual([
      'blackhole',
      'unreachable',
      'prohibit',
    ])
    expect([of('10.5.0.0/16')?.nextHops.length, of('10.6.0.0/16')?.table]).toEqual([2, '100'])
  })

  test('without -v it says what is missing', () => {
    const { stderr } = mynetstat(['-rn'])
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain('1 of them without an interface (*) is a blackhole or throw route')
  })

  test(
    'a recording of it shows the same',
    async () => {
      const file = `${process.env['TMPDIR'] ?? '/tmp'}/views-${process.pid}.snap.json`
      const views = [['-rnee'], ['-rn6'], ['-ia'], ['-gn']]
      const shown = () => views.map(flags => mynetstat([...flags, '--compat']))
      // Packets and references to routes of IPv6 are counted while it sends: recorded between two showings that are the same.
      let live = shown()
      const isSettled = () => {
        expect(inside(process.execPath, [binPath('linsight'), 'snapshot', 'save', file]).status).toBe(0)
        const before = live
        live = shown()
        return live.every(({ stdout }, i) => stdout === before[i]!.stdout)
      }
      expect(await until(isSettled, SETTLED_MS)).toBe(true)
      for (const [i, flags] of views.entries()) {
        const recorded = mynetstat([...flags, '--compat', '--from', file])
        // Addresses with a label are told by ip(8) alone.
        const listed = live[i]!.stdout.replace(/^v0:1 .*\n/m, '')
        expect([recorded.status, recorded.stderr, recorded.stdout]).toEqual([0, '', listed])
      }
    },
    2 * SETTLED_MS,
  )

  test('/sys of another network namespace is not believed', () => {
    const outer = `${process.env['TMPDIR'] ?? '/tmp'}/outer-${process.pid}.snap.json`
    const args = ['-t', String(scene.child.pid), '--net', process.execPath, binPath('linsight')]
    expect(run('nsenter', [...args, 'snapshot', 'save', outer]).status).toBe(0)
    const { stdout } = mynetstat(['-i', '--json', '--from', outer])
    const { interfaces } = JSON.parse(stdout) as { interfaces: { name: string; mtuBytes?: number }[] }
    expect(interfaces.map(({ name }) => name)).toContain('v0')
    expect(interfaces.filter(({ mtuBytes }) => mtuBytes !== undefined)).toEqual([])
  })
})
