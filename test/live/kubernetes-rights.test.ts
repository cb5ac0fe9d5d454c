// What the DaemonSet asks for is enough to see every owner in every namespace, and not more than that takes.
import { spawn, type ChildProcess } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { SocketsDocument } from '../../src/sockets/show/document.ts'
import { needs } from '../support/needs.ts'
import { binPath, fixture, ROOT } from '../support/paths.ts'
import { run } from '../support/run.ts'
import { until } from '../support/until.ts'
import { startFixture, type Fixture } from './live.ts'

const manifest = parse(readFileSync(join(ROOT, 'deploy/kubernetes/daemonset.yaml'), 'utf8'))
const ADDED: string[] = manifest.spec.template.spec.containers[0].securityContext.capabilities.add
const NODE_USER = 65_534

/** Where cgroups of version 2 are made. */
const CGROUPS = ['/sys/fs/cgroup', '/sys/fs/cgroup/unified'].find(
  root => existsSync(join(root, 'cgroup.procs')) && existsSync(join(root, 'cgroup.controllers')),
)

describe(
  'rights of the DaemonSet',
  needs('root', 'namespaces', 'unshare', 'nsenter', 'setpriv', 'mount', 'ip', {
    need: 'cgroup2',
    isMet: () => CGROUPS !== undefined,
  }),
  () => {
    const uid = randomUUID()
    const id = randomBytes(32).toString('hex')
    const kubepods = join(CGROUPS ?? '', 'kubepods')
    const podGroup = join(kubepods, `pod${uid}`)
    const group = join(podGroup, id)
    let node: ChildProcess
    let pid = 0
    let own: Fixture<{ pid: number; port: number }>
    let inPod: Fixture<{ pid: number; port: number }>
    beforeAll(async () => {
      mkdirSync(group, { recursive: true })
      // The machine: its first process sees the folders of the kubelet.
      const logs = `/var/log/pods/shop_web-1_${uid} /var/log/containers`
      node = spawn(
        'unshare',
        [
          '--net',
          '--pid',
          '--mount',
          '--fork',
          '--mount-proc',
          '--kill-child',
          'sh',
          '-c',
          `mount -t tmpfs none /var/log && mkdir -p ${logs} && : > /var/log/containers/web-1_shop_app-${id}.log && ip link set lo up && exec sleep 600`,
        ],
        { stdio: ['ignore', 'ignore', 'inherit'] },
      )
      const inner = () => readFileSync(`/proc/${node.pid}/task/${node.pid}/children`, 'latin1').trim()
      expect(
        await until(() => {
          try {
            return readFileSync(`/proc/${inner()}/comm`, 'latin1') === 'sleep\n'
          } catch {
            return false
          }
        }),
      ).toBe(true)
      pid = Number(inner())
      // Another user's, which it is from its start: what changes its user afterwards is hidden in another way.
      const program = (setup: string, before: string[] = []) =>
        startFixture<{ pid: number; port: number }>('nsenter', [
          ...inside(),
          ...before,
          'sh',
          '-c',
          `${setup}; exec setpriv --reuid=${NODE_USER} --regid=${NODE_USER} --clear-groups -- "$@"`,
          'sh',
          process.execPath,
          fixture('programs/listen-on.mjs'),
          '127.0.0.1',
        ])
      own = await program(':')
      inPod = await program(`ip link set lo up; echo $$ > ${group}/cgroup.procs`, ['unshare', '--net'])
    })
    afterAll(async () => {
      await own?.stop()
      await inPod?.stop()
      node?.kill('SIGKILL')
      if (node && node.exitCode === null && node.signalCode === null) await once(node, 'exit')
      await until(() => readFileSync(join(group, 'cgroup.procs'), 'latin1') === '')
      for (const folder of [group, podGroup, kubepods])
        try {
          rmdirSync(folder)
        } catch {
          // That of the machine's own kubelet stays.
        }
    })

    const inside = () => ['-t', String(pid), '-n', '-p', '-m', '--']
    /** A bin with these capabilities alone, as user 0, which may get no others. */
    const withCapabilities = (capabilities: readonly string[], bin: string, ...args: string[]) => {
      const set = ['-all', ...capabilities.map(name => `+${name.toLowerCase()}`)].join(',')
      return run('nsenter', [
        ...inside(),
        'setpriv',
        `--bounding-set=${set}`,
        `--inh-caps=${set}`,
        '--no-new-privs',
        '--',
        process.execPath,
        binPath(bin),
        ...args,
      ])
    }
    const sockets = (capabilities: readonly string[]) =>
      JSON.parse(
        withCapabilities(capabilities, 'mynetstat', '-ntlp', '--all-netns', '--json').stdout,
      ) as SocketsDocument
    const ownersOf = ({ sockets: rows }: SocketsDocument, port: number) =>
      rows
        .filter(row => 'localPort' in row && row.localPort === port)
        .map(({ owners, netns }) => ({ owners: owners?.length, netns: netns?.podName }))

    test('with them every owner is seen, and the pod by its name', () => {
      const document = sockets(ADDED)
      expect(document.unreadable).toEqual({})
      expect(ownersOf(document, own.facts.port)).toEqual([{ owners: 1, netns: undefined }])
      expect(ownersOf(document, inPod.facts.port)).toEqual([{ owners: 1, netns: 'shop/web-1' }])
      const pod = JSON.parse(
        withCapabilities(ADDED, 'mynetstat', '-ntlp', '--netns', 'web-1', '--json').stdout,
      ) as SocketsDocument
      expect(ownersOf(pod, inPod.facts.port)).toEqual([{ owners: 1, netns: 'shop/web-1' }])
    })

    test('metrics name the container', () => {
      const { status, stdout } = withCapabilities(ADDED, 'linsight', 'metrics', 'print', '--all-netns')
      expect(status).toBe(0)
      const lines = stdout.split('\n')
      expect(
        lines.find(
          line => line.startsWith('linsight_tcp_listener_sockets{') && line.includes(`port="${inPod.facts.port}"`),
        ),
      ).toContain('container="shop/web-1/app"')
      expect(lines).toContain('linsight_unreadable_processes 0')
      expect(lines).toContain('linsight_unreadable_namespaces 0')
    })

    test.each(ADDED)('without %s they are not', missing => {
      const document = sockets(ADDED.filter(name => name !== missing))
      expect(Object.keys(document.unreadable)).toEqual(['EACCES'])
      expect(ownersOf(document, own.facts.port)).toEqual([{ owners: 0, netns: undefined }])
    })
  },
)
