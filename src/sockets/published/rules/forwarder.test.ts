import { describe, expect, test } from 'vitest'
import { forwardingOf, type ListensAt } from './forwarder.ts'

const tcp = (port: number): ListensAt => ({ protocol: 'tcp', port })
const udp = (port: number): ListensAt => ({ protocol: 'udp', port })
const forwarding = (line: string, at: ListensAt) => {
  const args = line.split(' ')
  return forwardingOf(args, args[0]!, at)
}
const to = (program: string, address: string, port: number | undefined) => ({ kind: 'address', program, address, port })

const DOCKER =
  '/usr/bin/docker-proxy -proto tcp -host-ip 0.0.0.0 -host-port 8080 -container-ip 172.17.0.2 -container-port 80'

describe('arguments of forwarders', () => {
  test.each<[string, ListensAt, unknown]>([
    [DOCKER, tcp(8080), to('docker-proxy', '172.17.0.2', 80)],
    [`${DOCKER} -use-listen-fd`, tcp(8080), to('docker-proxy', '172.17.0.2', 80)],
    [DOCKER.replace('/usr/bin/docker-proxy', 'exe'), tcp(8080), to('docker-proxy', '172.17.0.2', 80)],
    [DOCKER.replaceAll(/ -([a-z-]+) (\S+)/g, ' --$1=$2'), tcp(8080), to('docker-proxy', '172.17.0.2', 80)],
    [DOCKER, tcp(8081), undefined],
    [DOCKER, udp(8080), undefined],
    ['socat TCP-LISTEN:8080,fork,reuseaddr TCP:172.17.0.2:80', tcp(8080), to('socat', '172.17.0.2', 80)],
    ['socat -d -d tcp4-l:8080 TCP6:[fd00::2]:80,nodelay', tcp(8080), to('socat', 'fd00::2', 80)],
    ['/usr/bin/socat UDP-LISTEN:53,fork UDP4:10.0.0.1:5353', udp(53), to('socat', '10.0.0.1', 5353)],
    ['socat TCP-LISTEN:80 tcp-connect:db:postgresql', tcp(80), to('socat', 'db', undefined)],
    [
      'socat TCP-LISTEN:80,fork UNIX-CONNECT:/run/a.sock',
      tcp(80),
      { kind: 'unix', program: 'socat', path: '/run/a.sock' },
    ],
    ['socat TCP-LISTEN:80 ABSTRACT:a', tcp(80), { kind: 'unix', program: 'socat', path: '@a' }],
    ['socat TCP-LISTEN:80 EXEC:/bin/cat', tcp(80), undefined],
    ['/lib/systemd/systemd-socket-proxyd 127.0.0.1:8081', tcp(80), to('systemd-socket-proxyd', '127.0.0.1', 8081)],
    [
      'systemd-socket-proxyd --exit-idle-time=5min /run/x.sock',
      tcp(80),
      { kind: 'unix', program: 'systemd-socket-proxyd', path: '/run/x.sock' },
    ],
    ['systemd-socket-proxyd -c 5 [fd00::2]:80', tcp(80), to('systemd-socket-proxyd', 'fd00::2', 80)],
    [
      'pasta --config-net -t 8080-8080:80-80 -u none --netns /run/netns/a',
      tcp(8080),
      { kind: 'namespace', program: 'pasta', path: '/run/netns/a', port: 80 },
    ],
    ['pasta.avx2 -t 8080:80 -f 1234', tcp(8080), { kind: 'namespace', program: 'pasta', pid: 1234, port: 80 }],
    [
      'pasta -f -t 8080:80 --quiet -I tap0 --no-dhcp 1234',
      tcp(8080),
      { kind: 'namespace', program: 'pasta', pid: 1234, port: 80 },
    ],
    ['pasta -t8080:80 1234', tcp(8080), { kind: 'namespace', program: 'pasta', pid: 1234, port: 80 }],
    ['pasta --tcp-ports=8080:80 --netns=/n', tcp(8080), { kind: 'namespace', program: 'pasta', path: '/n', port: 80 }],
    ['pasta -t 8080:80 --netns /n', tcp(8081), undefined],
    ['pasta -t 8080:80 sh', tcp(8080), { kind: 'child', program: 'pasta' }],
    [
      'pasta -t 8080:80 /proc/9/ns/net',
      tcp(8080),
      { kind: 'namespace', program: 'pasta', path: '/proc/9/ns/net', port: 80 },
    ],
    ['passt -t 22', tcp(22), { kind: 'unknown', program: 'passt' }],
    [
      'slirp4netns -c --mtu=65520 -e 3 1234 tap0',
      tcp(80),
      { kind: 'namespace', program: 'slirp4netns', pid: 1234, port: undefined },
    ],
    [
      'slirp4netns --netns-type=path /run/netns/a tap0',
      tcp(80),
      { kind: 'namespace', program: 'slirp4netns', path: '/run/netns/a', port: undefined },
    ],
    ['containers-rootlessport', tcp(80), { kind: 'child', program: 'containers-rootlessport' }],
    ['haproxy -f /etc/haproxy.cfg', tcp(80), { kind: 'unknown', program: 'haproxy' }],
    ['/usr/sbin/sshd -D', tcp(22), undefined],
    ['python3 -m http.server', tcp(8000), undefined],
    ['', tcp(80), undefined],
  ])('%s at %j', (line, at, expected) => {
    expect(forwarding(line, at)).toEqual(expected)
  })

  test('a title over the arguments', () => {
    const title = 'nginx: master process /usr/sbin/nginx'
    expect(forwardingOf([title], title, tcp(80))).toEqual({ kind: 'unknown', program: 'nginx' })
  })
})
