import { describe, expect, test } from 'vitest'
import { labelOf, namespaceTitle, shortContainer, type LabelFacts } from './label.ts'

const ID = 'ab'.repeat(32)
const UID = '01234567-89ab-cdef-0123-456789abcdef'
const NOTHING: LabelFacts = {
  isFirst: false,
  isRecording: false,
  names: [],
  pod: undefined,
  podName: undefined,
  container: undefined,
  unit: undefined,
  program: undefined,
  thread: undefined,
  mount: undefined,
  descriptor: undefined,
}
const EVERYTHING: LabelFacts = {
  isFirst: true,
  isRecording: true,
  names: ['blue', `cni-${UID}`],
  pod: UID,
  podName: 'shop/web-1',
  container: ID,
  unit: 'nginx.service',
  program: 'nginx',
  thread: { pid: 7, tid: 9, program: 'java' },
  mount: '/run/netns/blue',
  descriptor: { pid: 7, fd: 3, program: 'dockerd' },
}

describe('what a namespace is called', () => {
  /** What each lacks of what the one before it was called by. */
  const lacks: [labelKind: string, label: string, change: Partial<LabelFacts>][] = [
    ['name', 'blue', {}],
    ['first', 'first network namespace', { names: [`cni-${UID}`] }],
    ['pod', 'pod shop/web-1', { isFirst: false }],
    ['pod', `pod ${UID}`, { podName: undefined }],
    ['container', 'container abababababab', { pod: undefined }],
    ['given-name', `cni-${UID}`, { container: undefined }],
    ['unit', 'nginx.service', { names: [] }],
    ['program', 'nginx', { unit: undefined }],
    ['thread', 'thread 9 of java (pid 7)', { program: undefined }],
    ['mount', 'mounted at /run/netns/blue', { thread: undefined }],
    ['descriptor', 'descriptor 3 of dockerd (pid 7)', { mount: undefined }],
    ['recording', 'the namespace of the recording', { descriptor: undefined }],
    ['none', 'no name', { isRecording: false }],
  ]
  let facts = EVERYTHING
  const cases = lacks.map(([labelKind, label, change]) => {
    facts = { ...facts, ...change }
    return { labelKind, label, facts }
  })
  test.each(cases)('$labelKind', ({ labelKind, label, facts }) => {
    expect(labelOf(facts)).toEqual({ labelKind, label })
  })

  test.each<[string, Partial<LabelFacts>, string]>([
    ['a pod of podman, by the beginning of its id', { pod: ID }, 'pod abababababab'],
    ['a container with a name', { container: 'web1' }, 'container web1'],
    ['a session holds anything', { unit: 'session-3.scope', program: 'python3' }, 'python3'],
    ['so does systemd-run', { unit: 'run-r12.scope', program: 'python3' }, 'python3'],
    ['a scope of its own', { unit: 'app.scope', program: 'python3' }, 'app.scope'],
    ['a name that podman made up', { names: [`netns-${UID}`], program: 'x' }, `netns-${UID}`],
    [
      'a container before a name that docker made up',
      { names: ['0123456789ab'], container: ID },
      'container abababababab',
    ],
    ['a name of few digits is a name', { names: ['abc'], container: ID }, 'abc'],
    ['a program without a name', { program: '' }, 'no name'],
  ])('%s', (_, facts, label) => {
    expect(labelOf({ ...NOTHING, ...facts }).label).toBe(label)
  })
})

test.each([
  [ID, 'abababababab'],
  ['web-of-a-long-name', 'web-of-a-long-name'],
  ['abcdef012345', 'abcdef012345'],
])('container %s → %s', (container, short) => {
  expect(shortContainer(container)).toBe(short)
})

test.each([
  [{ label: 'blue', labelKind: 'name', program: 'web', pid: 812, pidInside: 1 }, 'blue, web (pid 812, 1 inside)'],
  [{ label: 'web', labelKind: 'program', program: 'web', pid: 812, pidInside: undefined }, 'web (pid 812)'],
  [{ label: 'blue', labelKind: 'name', program: undefined, pid: undefined, pidInside: undefined }, 'blue'],
] as const)('title %#', (namespace, title) => {
  expect(namespaceTitle(namespace)).toBe(title)
})
