import { expect, test } from 'vitest'
import { sshForwarding } from './ssh-forwarding.ts'

const forwarding = (line: string, port: number) => sshForwarding('ssh', line.split(' '), { protocol: 'tcp', port })
const remote = (address: string, port: number | undefined, through?: string) => ({
  kind: 'remote',
  program: 'ssh -L',
  address,
  port,
  through,
})

test.each<[string, number, unknown]>([
  ['-L 8080:db:5432 bastion', 8080, remote('db', 5432, 'bastion')],
  ['-NfL 8080:db:5432 -p 22 me@bastion', 8080, remote('db', 5432, 'me@bastion')],
  ['-L8080:db:5432 bastion', 8080, remote('db', 5432, 'bastion')],
  ['-L 127.0.0.1:8080:db:5432 bastion', 8080, remote('db', 5432, 'bastion')],
  ['-L [::1]:8080:[fd00::2]:5432 bastion', 8080, remote('fd00::2', 5432, 'bastion')],
  ['-L 9090:a:1 -L 8080:b:2 bastion', 8080, remote('b', 2, 'bastion')],
  ['-L 8080:/run/x.sock bastion', 8080, remote('/run/x.sock', undefined, 'bastion')],
  ['-i -L -L 8080:db:5432 bastion', 8080, remote('db', 5432, 'bastion')],
  ['-L 8081:db:5432 bastion', 8080, undefined],
  ['-D 1080 bastion', 1080, { kind: 'unknown', program: 'ssh -D' }],
  ['-D 127.0.0.1:1080 bastion', 1080, { kind: 'unknown', program: 'ssh -D' }],
  ['bastion -L 8080:db:5432', 8080, undefined],
  ['-L', 8080, undefined],
])('ssh %s at %i', (line, port, expected) => {
  expect(forwarding(line, port)).toEqual(expected)
})
