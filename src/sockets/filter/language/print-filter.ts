import { formatIp } from '../../../kernel/ip-address.ts'
import { fieldFacts } from './fields.ts'
import { stateText } from './state-words.ts'
import { isJoin, type FilterLeaf, type FilterNode, type HostPattern, type Network } from './tree.ts'
import { quantityText } from './values.ts'

/** A filter as a line that reads as the same tree; brackets wherever `and` meets `or`. */
export function printFilter(node: FilterNode): string {
  if (isJoin(node)) {
    // From the left a chain of one word needs no brackets.
    const left = node.left.kind === node.kind ? printFilter(node.left) : operandText(node.left)
    return `${left} ${node.kind} ${operandText(node.right)}`
  }
  if (node.kind === 'not') return `not ${operandText(node.operand)}`
  return leafText(node)
}

const operandText = (node: FilterNode) => (isJoin(node) ? `( ${printFilter(node)} )` : printFilter(node))

function leafText(leaf: FilterLeaf): string {
  switch (leaf.kind) {
    case 'state':
      // No state at all is every state taken away.
      return leaf.states === 0 ? 'exclude all' : `state ${stateText(leaf.states)}`
    case 'ports':
      return leaf.ports.map(port => `:${port}`).join(' ')
    case 'port':
      return `${leaf.end === 'src' ? 'sport' : 'dport'} ${leaf.operator} ${leaf.port}`
    case 'host':
      return `${leaf.end} = ${valueText(hostText(leaf.host))}`
    case 'device':
      return `dev ${leaf.operator} ${valueText(leaf.device)}`
    case 'mark':
      return `fwmark ${leaf.operator} ${hex(leaf.value)}${leaf.mask === 0xff_ff_ff_ff ? '' : `/${hex(leaf.mask)}`}`
    case 'cgroup':
      return `cgroup ${leaf.operator} ${valueText(leaf.path)}`
    case 'autobound':
      return 'autobound'
    case 'inode':
      return `inode ${leaf.operator} ${leaf.inode}`
    case 'number':
      return `${leaf.field} ${leaf.operator} ${quantityText(leaf.value, fieldFacts(leaf.field).unit ?? 'count')}`
    case 'text':
      return `${leaf.field} ${leaf.operator} ${valueText(leaf.value)}`
  }
}

const hex = (value: number) => `0x${value.toString(16)}`

/** What ends or changes a value is kept by a backslash. */
const valueText = (text: string) => text.replace(/[\s()&|\\]/g, '\\$&')

function hostText(host: HostPattern): string {
  const any = (value: number | string | undefined) => value ?? '*'
  switch (host.family) {
    case 'unix':
      return `unix:${host.glob}`
    case 'link':
      return `link:${any(host.protocol)}:${any(host.device)}`
    case 'netlink':
      return `netlink:${any(host.protocol)}:${any(host.port)}`
    case 'vsock':
      return `vsock:${any(host.cid)}:${any(host.port)}`
    case 'inet': {
      const { only, address, port } = host
      const text = address === '*' ? '*' : 'name' in address ? address.name : networkText(address)
      return `${only === undefined ? '' : `${only}:`}${text}${port === undefined ? '' : `:${port}`}`
    }
  }
}

function networkText({ bytes, bits }: Network): string {
  const address = formatIp(Uint8Array.from(bytes))
  const prefix = bits === bytes.length * 8 ? '' : `/${bits}`
  return bytes.length === 4 ? `${address}${prefix}` : `[${address}]${prefix}`
}
