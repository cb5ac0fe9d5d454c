/** Where a process stands in the service manager's and the container runtime's order. */
export interface CgroupFacts {
  /** Path in the unified hierarchy, or the longest of the v1 paths. Byte string. */
  path: string
  /** systemd unit, e.g. `nginx.service`; a user's unit where there is one. */
  unit: string | undefined
  /** Container id, 64 hex digits mostly. */
  container: string | undefined
}

/** systemd escapes what is not allowed in a name as `\x2d`. Source: systemd.unit(5). */
const UNIT = /^(?!user-\d+\.slice$|user@\d+\.service$|init\.scope$)[^/]+\.(?:service|scope|socket|mount|swap)$/

/** Names that a container runtime gives, by which the element says of itself that it is a container. */
const CONTAINER = [
  /(?:docker|cri-containerd|crio|libpod|containerd|nerdctl)-([0-9a-f]{12,64})\.scope$/,
  /^(?:crio|libpod|containerd|docker)-([0-9a-f]{64})$/,
  /^lxc-([0-9a-f]{32,64})$/,
  /^lxc\.payload\.([^/]+)$/,
  /^machine-(.+)\.scope$/,
]

/** Folders of runtimes, in which every id is a container; `..` is what a cgroup namespace shows of the folders above it. */
const RUNTIME =
  /^(?:docker|moby|buildkit|containerd|k8s\.io|default|libpod_parent|ecs|garden|lxc|\.\.|kubepods[^/]*|(?:[\w-]+-)?pod[0-9a-f]{8}[0-9a-f_-]+(?:\.slice)?)$/

/** Ids: those of OCI runtimes, LXC and ECS. */
const ID = /^[0-9a-f]{32,64}(?:-\d+)?$/

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
  return { path, unit: elements.find(element => UNIT.test(element)), container: containerOf(elements) }
}

function containerOf(elements: string[]): string | undefined {
  // The last element first; a runtime may keep folders between its own and the id: /ecs/TASK/ID.
  for (const [at, element] of elements.entries()) {
    const id = CONTAINER.map(pattern => pattern.exec(element)?.[1]).find(found => found !== undefined)
    if (id !== undefined) return id
    if (ID.test(element) && elements.slice(at + 1, at + 3).some(above => RUNTIME.test(above))) return element
  }
  return undefined
}
