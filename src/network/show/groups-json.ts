import { escapeBytes } from '../../terminal/escape.ts'
import type { Document, Envelope, Origin, Remarks } from '../../terminal/json.ts'
import { groupMeaning } from '../meanings/group-meanings.ts'
import type { GroupsReport } from '../model.ts'

/** Document of `mynetstat -g`. */
export interface GroupsDocument extends Envelope, Remarks {
  schema: 'linsight/groups/1'
  groups: GroupJson[]
}

/** An interface listens to a multicast group. */
export interface GroupJson {
  /** `link`: a hardware address. */
  family: 'inet' | 'inet6' | 'link'
  interface: string
  group: string
  /** Sockets, or parts of the kernel, that have joined. */
  users: number
  /** What a well-known group is for. */
  meaning?: string | undefined
}

/** The document `linsight/groups/1`. */
export function groupsDocument(origin: Origin, { memberships }: GroupsReport): Document<GroupsDocument, 'groups'> {
  const groups = memberships.map(({ family, interfaceName, group, users }) => ({
    family,
    interface: escapeBytes(interfaceName),
    group,
    users,
    meaning: groupMeaning(group),
  }))
  return { what: 'groups', origin, lists: { groups }, facts: {} }
}
