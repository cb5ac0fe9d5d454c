import type { LabelKind, NetworkNamespace } from '../model.ts'
import { nameText } from '../rules/name-text.ts'

/** A network namespace by what it is called. Names that are not UTF-8 are escaped. */
export interface NamespaceNameJson {
  /** `net:[4026531840]`; `net:?[N]` where the number is not known. */
  netns: string
  /** Number of the namespace; absent where it is not known. It is given to another one when this one is gone. */
  inode?: string | undefined
  label: string
  /** What the label was made from. */
  kind: LabelKind
  /** Id or name of the container. */
  container?: string | undefined
  /** Id of the pod. */
  pod?: string | undefined
  /** What the kubelet of this node calls that pod: `shop/web-7d9f`. */
  podName?: string | undefined
  /** systemd unit. */
  unit?: string | undefined
}

/** A network namespace with who holds it. */
export interface NamespaceFactsJson extends NamespaceNameJson {
  /** What runs the container: docker, containerd, cri-o, podman, lxc, machine … */
  runtime?: string | undefined
  /** Names that ip-netns(8) knows. */
  names: string[]
  /** Its oldest process, of a container where one is in it: pid here, pid in its own pid namespace where that is another, and program. */
  pid?: number | undefined
  pidInside?: number | undefined
  program?: string | undefined
  /** The namespace of the reader. */
  own: boolean
  /** Of the kernel, never given twice until the next boot. */
  cookie?: string | undefined
  /** When the oldest process started, in clock ticks since boot. */
  oldestStartTicks?: number | undefined
  /** How many processes, and threads of processes of other namespaces, are in it, and descriptors of it there are. */
  processes: number
  threads: number
  descriptors: number
  /** Where it is mounted. */
  mounts: string[]
}

export function namespaceNameJson(namespace: NetworkNamespace): NamespaceNameJson {
  const { name, inode, label, labelKind, container, pod, podName, unit } = namespace
  return {
    netns: name,
    inode,
    label: nameText(label),
    kind: labelKind,
    container: container && nameText(container),
    pod,
    podName,
    unit: unit && nameText(unit),
  }
}

export function namespaceFactsJson(namespace: NetworkNamespace): NamespaceFactsJson {
  const { holders, identity, names, runtime, pid, pidInside, program, isOwn } = namespace
  return {
    ...namespaceNameJson(namespace),
    runtime,
    names: names.map(nameText),
    pid,
    pidInside,
    program: program && nameText(program),
    own: isOwn,
    cookie: identity.cookie,
    oldestStartTicks: identity.oldestStart,
    processes: holders.processes.length,
    threads: holders.threads.length,
    descriptors: holders.descriptors.length,
    mounts: holders.mounts.map(({ place }) => nameText(place)),
  }
}
