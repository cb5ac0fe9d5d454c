import { expect, test } from 'vitest'
import { clients, mini, reportOf, socket } from '../../../test/support/time-wait-recording.ts'

const RECORDING = {
  rows:
    clients(30) +
    clients(10, { remote: '192.0.2.11:80', state: '05' }) +
    socket('0.0.0.0:443', '0.0.0.0:0', '0A', '7000') +
    mini('192.0.2.1:443', '192.0.2.10:50000', 5),
  links: { '41/fd/3': 'socket:[7000]' },
  files: { '41/comm': 'nginx\n' },
}
const groupsBy = (by: 'port' | 'remote' | 'owner') =>
  reportOf(RECORDING, { by }).groups.map(({ key, side, timeWait, finWait2 }) => [key, side, timeWait, finWait2])

test('by port of the service', () => {
  expect(groupsBy('port')).toEqual([
    ['80', 'active', 30, 10],
    ['443', 'passive', 1, 0],
  ])
})

test('by remote address, the two sides apart', () => {
  expect(groupsBy('remote')).toEqual([
    ['192.0.2.10', 'active', 30, 0],
    ['192.0.2.11', 'active', 0, 10],
    ['192.0.2.10', 'passive', 1, 0],
  ])
})

test('by owner: servers are known, clients only where they were traced', () => {
  expect(groupsBy('owner')).toEqual([
    ['not known', 'active', 30, 10],
    ['nginx (pid 41)', 'passive', 1, 0],
  ])
})

test('the fullest destination of a group tells how full it is', () => {
  const [group] = reportOf(RECORDING, { by: 'port' }).groups
  expect(group!.utilization).toBeCloseTo(30 / 28232, 6)
})
