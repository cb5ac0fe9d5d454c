import { isUtf8 } from 'node:buffer'
import { programName } from '../../../processes/process-facts.ts'
import { escapeBytes } from '../../../terminal/escape.ts'
import type { PublishedAnswer, PublishedPort, SocketPublishing } from '../published-port.ts'

/** What a socket has to do with published ports. Texts that are not UTF-8 are escaped. */
export interface PublishingJson {
  /** It takes connections for somebody else: where they lead. */
  leadsTo?: PublishedPortJson[] | undefined
  /** It answers connections to these ports of the machine. */
  publishedAs?: PublishedPortJson[] | undefined
  /** No socket at all: a rule of the firewall takes the connections. */
  withoutSocket?: true | undefined
}

/** A port of the machine behind which something else answers. */
export interface PublishedPortJson {
  /** tcp, udp …; absent where it is every protocol. */
  protocol?: string | undefined
  /** 4 or 6; absent where both. */
  family?: 4 | 6 | undefined
  /** Address that others connect to; absent where it is any of the machine. */
  address?: string | undefined
  /** Absent where it is every port. */
  firstPort?: number | undefined
  lastPort?: number | undefined
  /** Sockets of the machine that listen there. */
  inodes: string[]
  to: PublishedToJson
  /** What speaks for it, the strongest first. */
  evidence: PublishedEvidenceJson[]
  /** Namespaces that have the address, and who answers there; several namespaces where it is not known which is meant. */
  answers: PublishedAnswerJson[]
}

/** Where it leads. */
export interface PublishedToJson {
  address?: string | undefined
  /** Absent where it is not told. */
  port?: number | undefined
  /** Another port of the same machine. */
  self?: true | undefined
  /** A unix socket. */
  path?: string | undefined
  /** The address is as this other machine sees it. */
  through?: string | undefined
  /** Why it cannot be followed. */
  unfollowed?: string | undefined
}

/** Why we think so. */
export interface PublishedEvidenceJson {
  /**
   * proxy: a process listens and was told where to. rule: the firewall changes the destination. flow: a connection took
   * this way. arguments: a process listens whose arguments tell only in part where to.
   */
  kind: 'proxy' | 'rule' | 'flow' | 'arguments'
  /** docker-proxy, nft, iptables-nft, iptables-legacy, conntrack … */
  by: string
  pid?: number | undefined
  /** Where the rule stands. */
  where?: string | undefined
  /** The rule. */
  rule?: string | undefined
  /** It holds for some connections only. */
  only?: readonly string[] | undefined
}

/** A namespace that has the address. */
export interface PublishedAnswerJson {
  /** `net:[4026531840]`. */
  netns: string
  label: string
  /** The socket that answers there; absent where nothing listens on that port. */
  listener?: PublishedListenerJson | undefined
}

export interface PublishedListenerJson {
  inode: string
  address: string
  port: number
  owners: PublishedOwnerJson[]
}

export interface PublishedOwnerJson {
  pid: number
  program: string
  /** Its pid in the innermost pid namespace, where that is another. */
  pidInside?: number | undefined
  container?: string | undefined
  unit?: string | undefined
}

export function publishingJson({ to, from, withoutSocket }: SocketPublishing): PublishingJson {
  return {
    leadsTo: to.length === 0 ? undefined : to.map(publishedPortJson),
    publishedAs: from.length === 0 ? undefined : from.map(publishedPortJson),
    withoutSocket,
  }
}

export function publishedPortJson(port: PublishedPort): PublishedPortJson {
  const { protocol, family, address, ports, inodes, to, evidence, answers } = port
  return {
    protocol: protocol && textOf(protocol),
    family,
    address: address && textOf(address),
    firstPort: ports?.[0],
    lastPort: ports?.[1],
    inodes,
    to: {
      address: to.address && textOf(to.address),
      port: to.port,
      self: to.isSelf,
      path: to.path && textOf(to.path),
      through: to.through && textOf(to.through),
      unfollowed: to.unfollowed,
    },
    evidence: evidence.map(({ kind, by, pid, where, rule, only }) => ({
      kind,
      by: textOf(by),
      pid,
      where: where && textOf(where),
      rule: rule && textOf(rule),
      only: only?.map(textOf),
    })),
    answers: answers.map(answerJson),
  }
}

function answerJson({ namespace, listener }: PublishedAnswer): PublishedAnswerJson {
  return {
    netns: namespace.netns,
    label: textOf(namespace.label),
    listener: listener && {
      inode: listener.inode,
      address: listener.address,
      port: listener.port,
      owners: listener.owners.map(({ process }) => ({
        pid: process.pid,
        program: textOf(programName(process)),
        pidInside: (process.namespacePids?.length ?? 0) > 1 ? process.namespacePids!.at(-1) : undefined,
        container: process.container && textOf(process.container),
        unit: process.unit && textOf(process.unit),
      })),
    },
  }
}

function textOf(bytes: string): string {
  const raw = Buffer.from(bytes, 'latin1')
  return isUtf8(raw) ? raw.toString('utf8') : escapeBytes(bytes)
}
