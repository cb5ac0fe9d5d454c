import { expect, test } from 'vitest'
import { parseMountinfo } from './mounts.ts'

test('mounts with their device, type and whether they can be written', () => {
  const text =
    '36 35 98:0 / /mnt/a\\040b rw,noatime shared:1 - ext4 /dev/sda1 rw,errors=continue\n' +
    '37 35 0:42 / /ro ro - tmpfs tmpfs rw\n' +
    '38 35 0:43 / /super rw - overlay overlay ro,lowerdir=/x\n' +
    'nonsense\n'
  expect(parseMountinfo(Buffer.from(text))).toEqual([
    { id: 36, device: '98:0', path: '/mnt/a b', type: 'ext4', writable: true },
    { id: 37, device: '0:42', path: '/ro', type: 'tmpfs', writable: false },
    { id: 38, device: '0:43', path: '/super', type: 'overlay', writable: false },
  ])
})
