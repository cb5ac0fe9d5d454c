import type { TableName } from '../model.ts'
import { needsOf, maySelect, type FilterNeeds } from './needs.ts'
import { parseFilter, type ParsedFilter } from './language/parse-filter.ts'
import { leavesOf } from './language/tree.ts'
import { servicePorts } from '../names/service-ports.ts'

/** A filter of the command line. */
export interface FilterRequest extends ParsedFilter {
  needs: FilterNeeds
  /** Only unix sockets are listed: see FilterContext. */
  onlyUnix: boolean
}

/** Operands that are ports or seconds and no filter: `:80 443`. Signs and digits that are none are refused as such. */
const NO_FILTER = /^[:\d.+-]/

export const isFilter = (words: readonly string[]): boolean => words.some(word => !NO_FILTER.test(word))

/** The words as one filter over these tables. */
export function filterRequest(words: readonly string[], tables: readonly TableName[]): FilterRequest {
  const only = (...names: TableName[]) => tables.length > 0 && tables.every(table => names.includes(table))
  const family = only('unix') ? 'unix' : only('packet') ? 'link' : only('netlink') ? 'netlink' : 'inet'
  const parsed = parseFilter(words.join(' '), {
    family,
    service: servicePorts([...new Set(tables.map(table => table.replace(/6$/, '')))]),
  })
  return { ...parsed, needs: needsOf(parsed.tree), onlyUnix: family === 'unix' }
}

/** The tables in which the filter may select a socket. */
export function tablesOf({ tree, onlyUnix }: FilterRequest, tables: readonly TableName[]): TableName[] {
  return tables.filter(table => maySelect(tree, table, onlyUnix))
}

/** Whether the filter says itself which sockets are meant, listeners and TIME_WAIT included: by state, or by a plain port. */
export function namesStates({ tree, needs }: FilterRequest): boolean {
  return needs.states || [...leavesOf(tree)].some(({ kind }) => kind === 'ports')
}
