// The manifests of deploy/kubernetes fit the schemas of Kubernetes and of the Prometheus operator, and ask for no more than
// they need.
import { readFileSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { IDaemonSet } from 'kubernetes-models/apps/v1'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { binPath, ROOT } from './support/paths.ts'
import { run } from './support/run.ts'

const FOLDER = join(ROOT, 'deploy/kubernetes')
const read = (name: string) => parse(readFileSync(join(FOLDER, name), 'utf8')) as Record<string, unknown>

interface Validate {
  (data: unknown): boolean
  errors?: { instancePath: string; keyword: string; params: unknown }[] | null
}

/** Compiled schemas of each kind, which the packages export only behind classes that copy what they are given. */
const SCHEMAS: Record<string, string> = {
  DaemonSet: 'kubernetes-models/_schemas/IoK8sApiAppsV1DaemonSet.js',
  Namespace: 'kubernetes-models/_schemas/IoK8sApiCoreV1Namespace.js',
  Service: 'kubernetes-models/_schemas/IoK8sApiCoreV1Service.js',
  ServiceMonitor: '@kubernetes-models/prometheus-operator/_schemas/MonitoringCoreosComV1ServiceMonitor.js',
}

const load = createRequire(import.meta.url)
const validatorOf = (kind: string) =>
  (load(join(ROOT, 'node_modules', SCHEMAS[kind]!)) as { validate: Validate }).validate

/** What about a manifest is wrong. What no schema asks for is unknown to it: a name that is misspelt. */
function faultsOf(manifest: Record<string, unknown>): string[] {
  const asked = new Set<string>()
  const validate = validatorOf(manifest['kind'] as string)
  const isValid = validate(watch(manifest, '', path => asked.add(path)))
  if (!isValid)
    return validate.errors!.map(
      ({ instancePath, keyword, params }) => `${instancePath} ${keyword} ${JSON.stringify(params)}`,
    )
  return pathsOf(manifest, '').filter(path => !asked.has(path))
}

function watch(value: unknown, path: string, note: (path: string) => void): unknown {
  if (typeof value !== 'object' || value === null) return value
  return new Proxy(value, {
    get(target, key) {
      const inner = (target as Record<PropertyKey, unknown>)[key]
      if (typeof key === 'symbol' || !Object.hasOwn(target, key)) return inner
      const at = path === '' ? key : `${path}.${key}`
      note(at)
      return watch(inner, at, note)
    },
  })
}

function pathsOf(value: unknown, path: string): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => {
    const at = path === '' ? key : `${path}.${key}`
    return [at, ...pathsOf(inner, at)]
  })
}

type Mutable = Record<string, unknown>

const daemonSet = read('daemonset.yaml') as unknown as IDaemonSet
const pod = daemonSet.spec!.template.spec!
const [container] = pod.containers

describe('manifests', () => {
  const files = readdirSync(FOLDER).filter(name => name.endsWith('.yaml') && name !== 'kustomization.yaml')

  test('all are part of the kustomization', () => {
    expect((read('kustomization.yaml')['resources'] as string[]).toSorted()).toEqual(files.toSorted())
  })

  test.each(files)('%s fits its schema', name => {
    expect(faultsOf(read(name))).toEqual([])
  })

  test.each<[what: string, wrong: (pod: Mutable, spec: Mutable) => void, fault: string]>([
    ['a misspelt name', inner => (inner['hostPid'] = true), 'hostPid'],
    ['a name at the wrong place', inner => ((inner['containers'] as Mutable[])[0]!['runAsUser'] = 0), 'runAsUser'],
    [
      'a number that is a text',
      inner => (inner['terminationGracePeriodSeconds'] = 'x'),
      'terminationGracePeriodSeconds',
    ],
    ['what is missing', (_, spec) => delete spec['selector'], 'selector'],
  ])('%s would be found', (_, wrong, fault) => {
    const manifest = structuredClone(daemonSet)
    wrong(manifest.spec!.template.spec! as unknown as Mutable, manifest.spec! as unknown as Mutable)
    expect(faultsOf(manifest as unknown as Mutable).join()).toContain(fault)
  })
})

describe('rights', () => {
  test('two capabilities, nothing of the host is mounted, the API is not asked', () => {
    expect(container!.securityContext).toMatchObject({
      privileged: false,
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'], add: ['SYS_PTRACE', 'DAC_READ_SEARCH'] },
      seccompProfile: { type: 'RuntimeDefault' },
    })
    expect(pod.automountServiceAccountToken).toBe(false)
    expect(pod.hostIPC ?? false).toBe(false)
    expect(pod.volumes!.map(({ hostPath }) => hostPath)).toEqual([undefined])
  })

  test('labels agree', () => {
    const labels = { 'app.kubernetes.io/name': 'linsight' }
    expect(daemonSet.spec!.selector.matchLabels).toEqual(labels)
    expect(daemonSet.spec!.template.metadata!.labels).toEqual(labels)
    expect(read('service.yaml')).toMatchObject({ metadata: { labels }, spec: { selector: labels } })
    expect(read('service-monitor.yaml')).toMatchObject({ spec: { selector: { matchLabels: labels } } })
  })

  test('the command line is one that linsight takes', () => {
    const help = run(process.execPath, [binPath('linsight'), 'metrics', 'serve', '--help']).stdout
    for (const word of container!.args!.slice(2)) expect(help).toContain(word.split('=')[0])
    // With a wrong file it gets as far as that file.
    const args = container!.args!.map(word =>
      word.replace('$(HOST_IP)', '127.0.0.1').replace('/etc/linsight', '/nowhere'),
    )
    expect(run(process.execPath, [binPath('linsight'), ...args])).toMatchObject({
      status: 4,
      stderr: expect.stringContaining('/nowhere/web.yml'),
    })
  })
})
