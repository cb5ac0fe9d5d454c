import { optional } from '../../errors.ts'
import type { ProcSource } from '../../proc/proc-source.ts'

/** What the kubelet calls pods and containers, by the ids that their cgroups have. */
export interface PodNames {
  /** Uid → `shop/web-7d9f`: namespace and name. */
  pods: ReadonlyMap<string, string>
  /** Id → `shop/web-7d9f/app`, with the name of the container. */
  containers: ReadonlyMap<string, string>
}

/**
 * Names of the pods of this node. They are those of the folders in which the kubelet keeps logs, as the first process of the
 * machine sees them: no API is asked, and no log is opened. Empty where there is no kubelet, and without the right to look
 * (CAP_SYS_PTRACE).
 *
 * Source: kubelet, `/var/log/pods/NAMESPACE_POD_UID` and `/var/log/containers/POD_NAMESPACE_CONTAINER-ID.log`.
 */
export function readPodNames(source: Pick<ProcSource, 'list' | 'isThisMachine'>): PodNames {
  if (!source.isThisMachine) return { pods: new Map(), containers: new Map() }
  const names = (folder: string) => optional(() => source.list(`1/root/var/log/${folder}`)) ?? []
  return podNamesOf(names('pods'), names('containers'))
}

const NAME = '[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?'
const POD = new RegExp(`^(${NAME})_(${NAME})_([0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12})$`)
const CONTAINER = new RegExp(`^(${NAME})_(${NAME})_(${NAME})-([0-9a-f]{64})\\.log$`)

/** What the names of both folders tell; others are passed over. */
export function podNamesOf(pods: readonly string[], containers: readonly string[]): PodNames {
  const uids = pods.flatMap(entry => {
    const [, namespace, name, uid] = POD.exec(entry) ?? []
    return uid === undefined ? [] : [[uid, `${namespace}/${name}`] as const]
  })
  const ids = containers.flatMap(entry => {
    const [, pod, namespace, container, id] = CONTAINER.exec(entry) ?? []
    return id === undefined ? [] : [[id, `${namespace}/${pod}/${container}`] as const]
  })
  return { pods: new Map(uids), containers: new Map(ids) }
}
