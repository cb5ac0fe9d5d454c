import { describe, expect, test } from 'vitest'
import { parsePidCgroup } from './pid-cgroup.ts'

const ID = 'ab'.repeat(32)
const TASK = 'cd'.repeat(16)
const of = (text: string) => parsePidCgroup(Buffer.from(text))
const containerOf = (path: string) => of(`0::${path}\n`)?.container

describe('the place of a process', () => {
  test.each([
    ['a service', '/system.slice/nginx.service', 'nginx.service'],
    ['a service below it', '/system.slice/nginx.service/worker', 'nginx.service'],
    ['a unit of a user', '/user.slice/user-1000.slice/user@1000.service/app.slice/code.service', 'code.service'],
    ['the manager of a user is no unit', '/user.slice/user-1000.slice/user@1000.service/init.scope', undefined],
    ['a session', '/user.slice/user-0.slice/session-3.scope', 'session-3.scope'],
    ['none', '/', undefined],
  ])('%s', (_, path, unit) => {
    expect(of(`0::${path}\n`)).toMatchObject({ path, unit })
  })

  test('version 1: the controllers tell where the unified path does not', () => {
    expect(of(`4:memory:/docker/${ID}\n1:name=systemd:/docker/${ID}\n0::/\n`)).toEqual({
      path: `/docker/${ID}`,
      unit: undefined,
      container: ID,
    })
  })

  test('a text without a path is none', () => {
    expect(of('')).toBeUndefined()
    expect(of('0::relative\n')).toBeUndefined()
  })
})

describe('a container', () => {
  test.each([
    ['docker by systemd', `/system.slice/docker-${ID}.scope`, ID],
    ['podman', `/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-${ID}.scope/container`, ID],
    ['docker by folders', `/docker/${ID}`, ID],
    ['a service inside a container', `/docker/${ID}/system.slice/ssh.service`, ID],
    ['Kubernetes by systemd', `/kubepods.slice/kubepods-pod1.slice/cri-containerd-${ID}.scope`, ID],
    ['Kubernetes by folders', `/kubepods/burstable/pod01234567-89ab-cdef-0123-456789abcdef/${ID}`, ID],
    ['Kubernetes of another driver', `/kubepods/besteffort/${ID}`, ID],
    ['a neighbour, seen from a cgroup namespace', `/../${ID}`, ID],
    ['ECS', `/ecs/${TASK}/${TASK}-1234567890`, `${TASK}-1234567890`],
    ['LXC', '/lxc.payload.web1', 'web1'],
    ['LXC by folders', `/lxc/${TASK}`, TASK],
    ['systemd-nspawn', '/machine.slice/machine-web1.scope', 'web1'],
  ])('%s', (_, path, container) => {
    expect(containerOf(path)).toBe(container)
  })

  test.each([
    ['any folder with a name in hex', `/process_api/${TASK}`],
    ['one as long as an id of docker', `/batch/${ID}`],
    ['a folder of a runtime', '/docker/buildx'],
    ['too short for an id', '/docker/abcdef12'],
    ['a service', '/system.slice/docker.service'],
  ])('%s is none', (_, path) => {
    expect(containerOf(path)).toBeUndefined()
  })
})
