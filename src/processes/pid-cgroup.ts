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

/** docker, containerd, CRI-O, podman, LXC, systemd-nspawn and Kubernetes pods, by the last path element they use. */
const CONTAINER = [
  /(?:docker|cri-containerd|crio|libpod|containerd|nerdctl)-([0-9a-f]{12,64})\.scope$/,
  /^(?:crio|libpod|containerd|docker)-([0-9a-f]{64})$/,
  /^([0-9a-f]{64})$/,
  /^(?:lxc\.payload\.|lxc-)?([0-9a-f]{32,64})$/,
  /^lxc\.payload\.([^/]+)$/,
  /^machine-(.+)\.scope$/,
]

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
  for (const element of elements) {
    for (const pattern of CONTAINER) {
      const id = pattern.exec(element)?.[1]
      if (id !== undefined) return id
    }
  }
  return undefined
}
