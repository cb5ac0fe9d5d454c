import type { TableName } from '../../tables/socket-row.ts'
import type { NumberField, TextField } from './fields.ts'

/** A filter as it was understood; printed by {@link printFilter}, answered by {@link evaluate}. */
export type FilterNode = FilterJoin | FilterNot | FilterLeaf

export interface FilterJoin {
  kind: 'and' | 'or'
  left: FilterNode
  right: FilterNode
}

export interface FilterNot {
  kind: 'not'
  operand: FilterNode
}

/** One question about one socket. */
export type FilterLeaf =
  /** Bits of the states that are meant, see state-words.ts. */
  | { kind: 'state'; states: number }
  /** `:80 :443`: one of these ports at either end. */
  | { kind: 'ports'; ports: readonly number[] }
  /** `*` is any port. */
  | { kind: 'port'; end: End; operator: Operator; port: number | '*' }
  | { kind: 'host'; end: End; host: HostPattern }
  /** Name or number of the interface a socket is bound to. */
  | { kind: 'device'; operator: '=' | '!='; device: string }
  | { kind: 'mark'; operator: '=' | '!='; value: number; mask: number }
  | { kind: 'cgroup'; operator: '=' | '!='; path: string }
  | { kind: 'autobound' }
  | { kind: 'number'; field: Exclude<NumberField, 'inode'>; operator: Operator; value: number }
  /** Decimal: an inode may exceed what a number holds exactly. */
  | { kind: 'inode'; operator: Operator; inode: string }
  | { kind: 'text'; field: TextField; operator: TextOperator; value: string }

export type End = 'src' | 'dst'
export type Operator = '=' | '!=' | '<' | '<=' | '>' | '>='
/** `~` is a glob. */
export type TextOperator = '=' | '!=' | '~' | '!~'

/** What stands behind src and dst; it says which kind of socket is meant. */
export type HostPattern =
  | {
      family: 'inet'
      /** The prefix `inet:` or `inet6:`. */
      only: 'inet' | 'inet6' | undefined
      address: '*' | Network | { name: string }
      port: number | undefined
    }
  | { family: 'unix'; glob: string }
  | { family: 'link'; protocol: number | undefined; device: string | undefined }
  | { family: 'netlink'; protocol: number | undefined; port: number | undefined }
  | { family: 'vsock'; cid: number | undefined; port: number | undefined }

/** The first `bits` of an address of 4 or 16 bytes. */
export interface Network {
  bytes: readonly number[]
  bits: number
}

/** Two filters with a word between them. */
export function isJoin(node: FilterNode): node is FilterJoin {
  return node.kind === 'and' || node.kind === 'or'
}

/** Every leaf of a tree, from left to right. */
export function* leavesOf(node: FilterNode): Generator<FilterLeaf> {
  if (isJoin(node)) {
    yield* leavesOf(node.left)
    yield* leavesOf(node.right)
  } else if (node.kind === 'not') yield* leavesOf(node.operand)
  else yield node
}

/** Whether the rows of a table have ports. Those of raw are protocols, as ss has it. */
export function hasPorts(table: TableName): boolean {
  return table !== 'unix' && table !== 'packet' && table !== 'netlink'
}
