import fc from 'fast-check'
import {
  NUMBER_FIELDS,
  TEXT_FIELDS,
  type NumberField,
  type TextField,
} from '../../src/sockets/filter/language/fields.ts'
import { ALL_STATES } from '../../src/sockets/filter/language/state-words.ts'
import type { FilterLeaf, FilterNode, HostPattern } from '../../src/sockets/filter/language/tree.ts'

const end = fc.constantFrom('src' as const, 'dst' as const)
const order = fc.constantFrom('=' as const, '!=' as const, '<' as const, '<=' as const, '>' as const, '>=' as const)
const equality = fc.constantFrom('=' as const, '!=' as const)
const likeness = fc.constantFrom('=' as const, '!=' as const, '~' as const, '!~' as const)
const port = fc.integer({ min: 0, max: 70_000 })
/** What a value may be: anything but nothing. */
const word = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
const optionally = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })

const states = fc.integer({ min: 0, max: ALL_STATES }).map(bits => bits & ALL_STATES)

const network = fc.oneof(
  fc.record({ bytes: fc.array(fc.nat(255), { minLength: 4, maxLength: 4 }), bits: fc.nat(32) }),
  fc.record({ bytes: fc.array(fc.nat(255), { minLength: 16, maxLength: 16 }), bits: fc.nat(128) }),
)

const host: fc.Arbitrary<HostPattern> = fc.oneof(
  fc.record({
    family: fc.constant('inet' as const),
    only: fc.constant(undefined),
    address: fc.oneof(
      fc.constant('*' as const),
      network,
      fc.record({ name: fc.constantFrom('localhost', 'a.example', 'x1') }),
    ),
    port: optionally(port),
  }),
  fc.record({ family: fc.constant('unix' as const), glob: fc.string({ maxLength: 8 }) }),
  fc.record({
    family: fc.constant('link' as const),
    protocol: optionally(fc.nat(65_535)),
    device: optionally(fc.constantFrom('eth0', 'veth0', '3')),
  }),
  fc.record({
    family: fc.constant('netlink' as const),
    protocol: optionally(fc.nat(22)),
    port: optionally(fc.nat(9999)),
  }),
  fc.record({ family: fc.constant('vsock' as const), cid: optionally(fc.nat(9)), port: optionally(fc.nat(9999)) }),
)

const numberFields = Object.keys(NUMBER_FIELDS).filter(field => field !== 'inode') as Exclude<NumberField, 'inode'>[]
const textFields = Object.keys(TEXT_FIELDS).filter(field => field !== 'reason') as TextField[]

const leaf: fc.Arbitrary<FilterLeaf> = fc.oneof(
  fc.record({ kind: fc.constant('state' as const), states }),
  fc.record({
    kind: fc.constant('ports' as const),
    ports: fc.array(fc.nat(65_535), { minLength: 1, maxLength: 3 }),
  }),
  fc.record({
    kind: fc.constant('port' as const),
    end,
    operator: order,
    port: fc.oneof(port, fc.constant('*' as const)),
  }),
  fc.record({ kind: fc.constant('host' as const), end, host }),
  fc.record({ kind: fc.constant('device' as const), operator: equality, device: word }),
  fc.record({
    kind: fc.constant('mark' as const),
    operator: equality,
    value: fc.nat(0xff_ff),
    mask: fc.oneof(fc.constant(0xff_ff_ff_ff), fc.nat(0xff)),
  }),
  fc.record({ kind: fc.constant('cgroup' as const), operator: equality, path: word }),
  fc.record({ kind: fc.constant('autobound' as const) }),
  fc.record({
    kind: fc.constant('inode' as const),
    operator: order,
    inode: fc.bigInt({ min: 0n, max: 2n ** 64n }).map(String),
  }),
  fc.record({
    kind: fc.constant('number' as const),
    field: fc.constantFrom(...numberFields),
    operator: order,
    value: fc.nat(1_000_000),
  }),
  fc.record({
    kind: fc.constant('text' as const),
    field: fc.constantFrom(...textFields),
    operator: likeness,
    value: word,
  }),
)

/** Trees as the parser makes them: ports that stand beside each other are one predicate. */
export const filterTrees: fc.Arbitrary<FilterNode> = fc.letrec<{ node: FilterNode }>(tie => ({
  node: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    leaf,
    fc.record({ kind: fc.constantFrom('and' as const, 'or' as const), left: tie('node'), right: tie('node') }),
    fc.record({ kind: fc.constant('not' as const), operand: tie('node') }),
  ),
})).node
