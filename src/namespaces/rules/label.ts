import type { LabelKind, NetworkNamespace } from '../model.ts'

/** What a label is made from. Texts are byte strings. */
export interface LabelFacts {
  /** The first process of the machine is in it. */
  isFirst: boolean
  /** The recording holds no processes, and this is its only namespace. */
  isRecording: boolean
  /** Names that ip-netns(8) knows. */
  names: readonly string[]
  pod: string | undefined
  /** What the kubelet calls it. */
  podName: string | undefined
  container: string | undefined
  unit: string | undefined
  /** Of its oldest process; absent where no process is in it. */
  program: string | undefined
  /** A thread of another namespace's process, or a descriptor, with the program of that process. */
  thread: { pid: number; tid: number; program: string } | undefined
  descriptor: { pid: number; fd: number; program: string } | undefined
  /** Where it is mounted. */
  mount: string | undefined
}

/** Digits of an id that tell containers apart, as docker prints them. */
const ID_DIGITS = 12

/** Names that CNI, podman and containerd make up: they tell less than the container. */
const MADE_UP = /^(?:cni|cnitest|netns)-[0-9a-f]{8}-[0-9a-f-]{27,}$|^[0-9a-f]{12,64}$/

/** Units that hold whatever a user starts: the program tells more. */
const SESSION = /^(?:session-.+|run-.+)\.scope$/

/** What a namespace is called, the most telling first. Containers of a pod share a namespace: it is the pod's. */
const LABELS: readonly [kind: LabelKind, text: (facts: LabelFacts) => string | undefined][] = [
  ['name', ({ names }) => names.find(name => !MADE_UP.test(name))],
  ['first', ({ isFirst }) => (isFirst ? 'first network namespace' : undefined)],
  ['pod', ({ podName }) => podName && `pod ${podName}`],
  ['pod', ({ pod }) => pod && `pod ${/^[0-9a-f]{64}$/.test(pod) ? pod.slice(0, ID_DIGITS) : pod}`],
  ['container', ({ container }) => container && `container ${shortContainer(container)}`],
  ['given-name', ({ names }) => names[0]],
  ['unit', ({ unit }) => (unit !== undefined && !SESSION.test(unit) ? unit : undefined)],
  ['program', ({ program }) => program],
  ['thread', ({ thread }) => thread && `thread ${thread.tid} of ${thread.program} (pid ${thread.pid})`],
  ['mount', ({ mount }) => mount && `mounted at ${mount}`],
  [
    'descriptor',
    ({ descriptor }) => descriptor && `descriptor ${descriptor.fd} of ${descriptor.program} (pid ${descriptor.pid})`,
  ],
  ['recording', ({ isRecording }) => (isRecording ? 'the namespace of the recording' : undefined)],
]

export function labelOf(facts: LabelFacts): { label: string; labelKind: LabelKind } {
  for (const [labelKind, text] of LABELS) {
    const label = text(facts)
    if (label !== undefined && label !== '') return { label, labelKind }
  }
  return { label: 'no name', labelKind: 'none' }
}

/** The first digits of an id; a name (LXC, systemd-machined) whole. */
export function shortContainer(container: string): string {
  return /^[0-9a-f]{32,64}$/.test(container) ? container.slice(0, ID_DIGITS) : container
}

/** The label with the process that it was made from: `blue, web (pid 812, 1 inside)`. */
export function namespaceTitle(
  namespace: Pick<NetworkNamespace, 'label' | 'labelKind' | 'program' | 'pid' | 'pidInside'>,
): string {
  const { label, labelKind, program, pid, pidInside } = namespace
  if (program === undefined || pid === undefined) return label
  const named = `${program} (pid ${pid}${pidInside === undefined ? '' : `, ${pidInside} inside`})`
  return labelKind === 'program' ? named : `${label}, ${named}`
}
