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
      runtime: 'docker',
      pod: undefined,
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

const UID = '01234567-89ab-cdef-0123-456789abcdef'
const UID_ = UID.replaceAll('-', '_')
const HASH = '0123456789abcdef0123456789abcdef'

describe('who runs it, and in which pod', () => {
  test.each<[string, string, string | undefined, string | undefined, string | undefined]>([
    ['docker by systemd', `/system.slice/docker-${ID}.scope`, 'docker', ID, undefined],
    ['docker by folders', `/docker/${ID}`, 'docker', ID, undefined],
    [
      'a pod by systemd, containerd',
      `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${UID_}.slice/cri-containerd-${ID}.scope`,
      'containerd',
      ID,
      UID,
    ],
    [
      'a pod by systemd, CRI-O',
      `/kubepods.slice/kubepods-pod${UID_}.slice/crio-${ID}.scope/container`,
      'cri-o',
      ID,
      UID,
    ],
    [
      'a pod by systemd, docker',
      `/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod${UID_}.slice/docker-${ID}.scope`,
      'docker',
      ID,
      UID,
    ],
    ['a pod by folders', `/kubepods/besteffort/pod${UID}/${ID}`, undefined, ID, UID],
    ['a pod by folders, CRI-O', `/kubepods/burstable/pod${UID}/crio-${ID}`, 'cri-o', ID, UID],
    [
      'a pod in the colon form',
      `/system.slice/containerd.service/kubepods-burstable-pod${UID_}.slice:cri-containerd:${ID}`,
      'containerd',
      ID,
      UID,
    ],
    [
      'a pod of a node in a container',
      `/docker/${HASH}${HASH}/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-pod${UID_}.slice/cri-containerd-${ID}.scope`,
      'containerd',
      ID,
      UID,
    ],
    [
      'a static pod',
      `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${HASH}.slice/cri-containerd-${ID}.scope`,
      'containerd',
      ID,
      HASH,
    ],
    ['a pod itself', `/kubepods.slice/kubepods-pod${UID_}.slice`, undefined, undefined, UID],
    ['podman', `/machine.slice/libpod-${ID}.scope/container`, 'podman', ID, undefined],
    ['podman without systemd', `/libpod_parent/libpod-${ID}`, 'podman', ID, undefined],
    [
      'a pod of podman',
      `/machine.slice/machine-libpod_pod_${ID}.slice/libpod-${HASH}${HASH}.scope`,
      'podman',
      HASH + HASH,
      ID,
    ],
    ['nerdctl', `/system.slice/nerdctl-${ID}.scope`, 'nerdctl', ID, undefined],
    ['nerdctl by folders', `/default/${ID}`, 'containerd', ID, undefined],
    ['ctr, which takes any name', '/default/redis', 'containerd', 'redis', undefined],
    ['CRI by folders', `/k8s.io/${ID}`, 'containerd', ID, undefined],
    ['LXC by folders, which takes any name', '/lxc/web-1/system.slice/ssh.service', 'lxc', 'web-1', undefined],
    ['LXC', '/lxc.payload.web-1/init.scope', 'lxc', 'web-1', undefined],
    ['LXC with a folder of payloads', '/lxc.payload/web-1', 'lxc', 'web-1', undefined],
    ['LXC, seen from a cgroup namespace', '/../lxc/web-1', 'lxc', 'web-1', undefined],
    [
      'systemd-nspawn, a name with a dash',
      '/machine.slice/machine-web\\x2d1.scope/payload',
      'machine',
      'web-1',
      undefined,
    ],
    ['LXC of libvirt', '/machine.slice/machine-lxc\\x2d12\\x2dweb.scope', 'machine', '12-web', undefined],
    ['ECS', `/ecs/${TASK}/${ID}`, 'ecs', ID, undefined],
    ['ECS with the cluster', `/ecs/my-cluster/${TASK}/${ID}`, 'ecs', ID, undefined],
    ['a neighbour, seen from a cgroup namespace', `/../${ID}`, undefined, ID, undefined],
  ])('%s', (_, path, runtime, container, pod) => {
    expect(of(`0::${path}\n`)).toMatchObject({ runtime, container, pod })
  })

  test.each([
    ['the monitor of podman', `/machine.slice/libpod-conmon-${ID}.scope`],
    ['the monitor of LXC', '/lxc.monitor.web1'],
    ['a folder that is called lxc further down', '/system.slice/lxc/web1'],
    ['a folder that is called default further down', '/user.slice/default/web1'],
    ['the folder of all', '/lxc'],
    ['a colon of something else', `/system.slice/x:cri:${ID}`],
    ['an uid with a digit less', `/kubepods/pod${UID.slice(1)}`],
    ['a uid of another folder', `/pods/${UID}`],
  ])('%s is none', (_, path) => {
    expect(of(`0::${path}\n`)).toMatchObject({ runtime: undefined, container: undefined, pod: undefined })
  })
})
