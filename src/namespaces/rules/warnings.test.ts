import { expect, test } from 'vitest'
import type { HolderSearch } from '../search/found.ts'
import { searchWarnings } from './warnings.ts'

const SEEN: HolderSearch = {
  found: new Map(),
  processes: 120,
  hidden: [],
  refused: new Set(),
  threadsCut: false,
  descriptorsCut: false,
}
const USER = { hidepid: false, inPidNamespace: false, isCapable: false, isRoot: false }

test.each<[string, Partial<HolderSearch>, Partial<typeof USER> | undefined, string[]]>([
  ['all was seen', {}, {}, []],
  [
    'one process is not known',
    { hidden: [7], refused: new Set([7]) },
    {},
    ['namespaces-hidden: the network namespace of 1 process could not be read (run it with sudo)'],
  ],
  [
    'two',
    { hidden: [7, 8], refused: new Set([7, 8]) },
    undefined,
    ['namespaces-hidden: the network namespace of 2 processes could not be read (undefined)'],
  ],
  [
    'known, but not what else they hold',
    { refused: new Set([7, 8]) },
    {},
    [
      'namespaces-hidden: 2 of 120 processes could not be looked into: a network namespace that only one of their threads, mounts or descriptors holds is not shown (run it with sudo)',
    ],
  ],
  [
    'hidepid',
    {},
    { hidepid: true },
    [
      'processes-hidden: /proc is mounted with hidepid and shows no process of other users: their network namespaces are not shown (run it with sudo)',
    ],
  ],
  [
    'in a container',
    {},
    { inPidNamespace: true },
    [
      "pid-namespace: only the processes of this pid namespace can be seen: network namespaces of others are not shown (run it on the host, or in a container that shares the host's pid namespace)",
    ],
  ],
  [
    'too much to look at',
    { threadsCut: true, descriptorsCut: true },
    {},
    [
      'namespaces-unsearched: there are too many threads and descriptors to look at all: a network namespace that only one of the others holds is not shown (undefined)',
    ],
  ],
  [
    'too many descriptors',
    { descriptorsCut: true },
    {},
    [
      'namespaces-unsearched: there are too many descriptors to look at all: a network namespace that only one of the others holds is not shown (undefined)',
    ],
  ],
])('%s', (_, search, view, expected) => {
  const warnings = searchWarnings({ ...SEEN, ...search }, view && { ...USER, ...view })
  expect(warnings.map(({ code, message, hint }) => `${code}: ${message} (${hint})`)).toEqual(expected)
})
