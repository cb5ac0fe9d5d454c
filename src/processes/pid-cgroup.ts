/** Where a process stands in the service manager's and the container runtime's order. */
export interface CgroupFacts {
  /** Path in the unified hierarchy, or the longest of the v1 paths. Byte string. */
  path: string
  /** systemd unit, e.g. `nginx.service`; a user's unit where there is one. */
  unit: string | undefined
  /** Container id, 64 hex digits mostly; of LXC, ctr and systemd-machined its name. Byte string. */
  container: string | undefined
  /** What runs the container: docker, containerd, cri-o, podman, nerdctl, lxc, machine, ecs …; undefined where the path does not tell. */
  runtime: string | undefined
  /** Id of the pod: the uid of Kubernetes with dashes, or the id that podman gave. */
  pod: string | undefined
}

/** systemd escapes what is not allowed in a name as `\x2d`. Source: systemd.unit(5). */
const UNIT = /^(?!user-\d+\.slice$|user@\d+\.service$|init\.scope$)[^/]+\.(?:service|scope|socket|mount|swap)$/

const RUNTIME_NAMES: Readonly<Record<string, string>> = {
  docker: 'docker',
  moby: 'docker',
  buildkit: 'buildkit',
  'cri-containerd': 'containerd',
  containerd: 'containerd',
  'k8s.io': 'containerd',
  default: 'containerd',
  crio: 'cri-o',
  libpod: 'podman',
  libpod_parent: 'podman',
  nerdctl: 'nerdctl',
  lxc: 'lxc',
  ecs: 'ecs',
  garden: 'garden',
}

interface Container {
  id: string
  runtime: string | undefined
}

const ENGINE = '(docker|cri-containerd|crio|libpod|containerd|nerdctl)'

/** Names that a runtime gives, by which an element says of itself that it is a container. */
const NAMED: readonly [form: RegExp, container: (match: RegExpExecArray) => Container][] = [
  // docker-ID.scope, cri-containerd-ID.scope: cgroups made by systemd. libpod-conmon-ID.scope is that of the monitor.
  [new RegExp(`${ENGINE}-([0-9a-f]{12,64})\\.scope$`), engineAndId],
  [new RegExp(`^${ENGINE}-([0-9a-f]{64})$`), engineAndId],
  // containerd without the systemd driver: kubepods-burstable-podUID.slice:cri-containerd:ID
  [new RegExp(`:${ENGINE}:([0-9a-f]{12,64})$`), engineAndId],
  [/^lxc-([0-9a-f]{32,64})$/, ([, id]) => ({ id: id!, runtime: 'lxc' })],
  // lxc.monitor.NAME is that of the monitor.
  [/^lxc\.payload\.([^/]+)$/, ([, id]) => ({ id: id!, runtime: 'lxc' })],
  [
    /^machine-(.+)\.scope$/,
    ([, name]) => ({ id: unescapeUnit(name!).replace(/^(?:lxc|qemu)-/, ''), runtime: 'machine' }),
  ],
]

/** Folders of runtimes, in which every id is a container; `..` is what a cgroup namespace shows of the folders above it. */
const RUNTIME_FOLDER =
  /^(?:docker|moby|buildkit|containerd|k8s\.io|default|libpod_parent|ecs|garden|lxc|\.\.|kubepods[^/]*|(?:[\w-]+-)?pod[0-9a-f]{8}[0-9a-f_-]+(?:\.slice)?)$/

/** Folders of runtimes at the top, in which every name is a container: `/lxc/web1`, `/default/redis` (ctr). */
const NAMING_FOLDER = /^(?:lxc|lxc\.payload|default)$/

/** Ids: those of OCI runtimes, LXC and ECS. */
const ID = /^[0-9a-f]{32,64}(?:-\d+)?$/

/** How many folders a runtime keeps between its own and the id: /ecs/CLUSTER/TASK/ID. */
const MOST_BETWEEN = 2

/** Uids of pods, in names of systemd with `_`; those of static pods are a hash without dashes. */
const POD =
  /(?:^|-)pod([0-9a-f]{8}([-_]?)[0-9a-f]{4}\2[0-9a-f]{4}\2[0-9a-f]{4}\2[0-9a-f]{12})(?:\.slice)?(?=$|:)|^(?:machine-)?libpod_pod_([0-9a-f]{64})(?:\.slice)?$/

/**
 * /proc/PID/cgroup. Source: cgroups(7). Lines `0::/system.slice/nginx.service` (v2) or `4:memory:/docker/<id>` (v1).
 * Undefined where the text holds no such line.
 */
export function parsePidCgroup(bytes: Buffer): CgroupFacts | undefined {
  const entries = bytes
    .toString('latin1')
    .split('\n')
    .map(line => /^(\d+):([^:]*):(\/[^]*)$/.exec(line))
    .filter(match => match !== null)
  if (entries.length === 0) return undefined
  const unified = entries.find(match => match[1] === '0')?.[3]
  const paths = entries.map(match => match[3]!).sort((a, b) => b.length - a.length)
  // On hybrid hosts the unified path is `/` while v1 controllers tell the place.
  const path = unified !== undefined && unified !== '/' ? unified : (paths[0] ?? '/')
  const elements = path.split('/').filter(Boolean).toReversed()
  const container = containerOf(elements)
  return {
    path,
    unit: elements.find(element => UNIT.test(element)),
    container: container?.id,
    runtime: container?.runtime,
    pod: elements.map(podOf).find(pod => pod !== undefined),
  }
}

/** The last element first: a container may run in another. */
function containerOf(elements: readonly string[]): Container | undefined {
  for (const [at, element] of elements.entries()) {
    const named = namedContainer(element)
    if (named !== undefined) return named
    const isBelowTop = at === elements.findLastIndex(above => above !== '..') - 1
    if (isBelowTop && NAMING_FOLDER.test(elements[at + 1]!))
      return { id: element, runtime: runtimeOf(elements[at + 1]!) }
    const folder = ID.test(element) ? folderAbove(elements.slice(at + 1)) : undefined
    if (folder !== undefined) return { id: element, runtime: runtimeOf(folder) }
  }
  return undefined
}

function namedContainer(element: string): Container | undefined {
  for (const [form, container] of NAMED) {
    const match = form.exec(element)
    if (match !== null) return container(match)
  }
  return undefined
}

function folderAbove(above: readonly string[]): string | undefined {
  return above.find((folder, at) => at <= (folder === 'ecs' ? MOST_BETWEEN : 1) && RUNTIME_FOLDER.test(folder))
}

function engineAndId([, engine, id]: RegExpExecArray): Container {
  return { id: id!, runtime: RUNTIME_NAMES[engine!] }
}

function runtimeOf(folder: string): string | undefined {
  return RUNTIME_NAMES[folder.replace(/\.payload$/, '')]
}

function podOf(element: string): string | undefined {
  const [, kubernetes, , podman] = POD.exec(element) ?? []
  return kubernetes?.replaceAll('_', '-') ?? podman
}

/** `web\x2d1` → `web-1`. Source: systemd.unit(5), string escaping. */
function unescapeUnit(name: string): string {
  return name.replace(/\\x([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}
