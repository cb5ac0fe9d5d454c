/** A network namespace as a socket or a row names it. */
export interface NamespaceRef {
  /** See {@link NetworkNamespace.name}. */
  netns: string
  label: string
  namespace: NetworkNamespace
}

/** What a label was made from, see {@link NetworkNamespace.label}. */
export type LabelKind =
  | 'name'
  | 'first'
  | 'pod'
  | 'container'
  | 'given-name'
  | 'unit'
  | 'program'
  | 'thread'
  | 'mount'
  | 'descriptor'
  | 'recording'
  | 'none'

/** Who keeps a network namespace alive. */
export interface NamespaceHolders {
  /** Pids of its processes. */
  processes: readonly number[]
  /** Threads that are in it while their process is in another one. */
  threads: readonly { pid: number; tid: number }[]
  /** Bind mounts of it, as the mount namespace of `pid` sees them, or the reader's own. Places are byte strings. */
  mounts: readonly { pid: number | undefined; place: string }[]
  /** Descriptors of `/proc/PID/ns/net` or of a mount. */
  descriptors: readonly { pid: number; fd: number }[]
}

/**
 * What tells one namespace from another. The number of `net:[N]` is given to a new namespace as soon as the old one is
 * gone; see {@link import('./rules/identity.ts').sameNamespace} for how two are compared.
 */
export interface NamespaceIdentity {
  /** Number of `net:[N]`; undefined where every link to the namespace was refused. */
  inode: string | undefined
  /** When its oldest process started, in ticks since boot. */
  oldestStart: number | undefined
  /** Of the kernel, never given twice until the next boot (SO_NETNS_COOKIE); decimal. Undefined where it was not asked. */
  cookie: string | undefined
}

/** A network namespace: who is in it, what it is called, where it can be read. Texts are byte strings. */
export interface NetworkNamespace {
  /** `4026531840`; undefined where every link to it was refused. */
  inode: string | undefined
  /** `net:[4026531840]`; where the number is not known `net:?[N]`, N only telling it from others of this run. */
  name: string
  identity: NamespaceIdentity
  holders: NamespaceHolders
  /** What people call it: `blue`, `pod UID`, `container ID`, `nginx.service`, `first network namespace`, a program. */
  label: string
  labelKind: LabelKind
  /** Names that ip-netns(8) knows, here or in another mount namespace. */
  names: readonly string[]
  /** Of its oldest process (of a container, where one is in it), or thread: the container's whole id, what runs it, its pod and its systemd unit. */
  container: string | undefined
  runtime: string | undefined
  pod: string | undefined
  /** What the kubelet calls that pod: `shop/web-7d9f`. */
  podName: string | undefined
  unit: string | undefined
  /** Name of the program of that process. */
  program: string | undefined
  /** That process: pid as seen here. Undefined where no process is in it, only a thread, a mount or a descriptor. */
  pid: number | undefined
  /** Its pid in the innermost pid namespace, where that is another number. */
  pidInside: number | undefined
  /** It is the namespace of the reader. */
  isOwn: boolean
  /** Folders below /proc whose `net/` shows it, the best first: `1234`, `1234/task/1240`; '' is the reader's own. */
  folders: readonly string[]
  /** Links below /proc by which it can be entered: `1234/ns/net`, `1/root/run/netns/blue`, `77/fd/5`. */
  entrances: readonly string[]
}
