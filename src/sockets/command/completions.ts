import type { Completions } from '../../cli/completions.ts'
import { NUMBER_FIELDS, TEXT_FIELDS } from '../filter/language/fields.ts'
import { STATE_WORDS } from '../filter/language/state-words.ts'
import { GROUP_KEY_NAMES } from '../group/group-keys.ts'
import { SOCKET_COLUMN_NAMES } from '../show/columns.ts'
import { FAMILIES } from './flags.ts'

const DIRECTIONS = ['src', 'dst', 'sport', 'dport', 'dev', 'fwmark', 'cgroup', 'autobound']
const FILTER_WORDS = [...DIRECTIONS, 'state', 'exclude', ...Object.keys({ ...NUMBER_FIELDS, ...TEXT_FIELDS })]

const until = { live: 'ports', words: FILTER_WORDS } as const

export const COMPLETIONS: Completions = {
  '': { words: [...new Set([...FILTER_WORDS, ...STATE_WORDS])], live: 'port-filters' },
  protocol: { words: FAMILIES, several: true },
  columns: { words: ['help', ...SOCKET_COLUMN_NAMES], several: true },
  sort: { words: SOCKET_COLUMN_NAMES.flatMap(name => [name, `${name}:desc`]) },
  'group-by': { words: GROUP_KEY_NAMES, several: true },
  wait: until,
  'wait-gone': until,
  'fail-on': { words: FILTER_WORDS },
}
