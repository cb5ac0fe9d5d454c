import { UsageError } from '../../errors.ts'
import type { Socket } from '../model.ts'
import { closest } from '../../terminal/did-you-mean.ts'
import { GROUP_KEY_NAMES, type GroupContext, type GroupKeyName } from './group-keys.ts'
import { groupSockets, type SocketGroup } from './group-sockets.ts'

/** `--fail-on 'FILTER [by KEY,… > N]'`. */
export interface FailCondition {
  /** As it was given. */
  text: string
  filter: string
  /** Without it one socket is enough; no keys: all sockets together. */
  limit: { keys: readonly GroupKeyName[]; above: number } | undefined
}

/** `… by process > 100`, `… by total >= 10`. */
const LIMIT = /^([^]*?)\s+by\s+(\S+?)\s*(>=|>|gt|ge|geq)\s*(\d+)\s*$/i

export function failConditionOf(text: string): FailCondition {
  const [, filter, keys, operator, number] = LIMIT.exec(text) ?? []
  if (filter === undefined) {
    if (text.trim() === '') throw new UsageError('--fail-on is empty', { hint: "such as --fail-on 'state close-wait'" })
    return { text, filter: text, limit: undefined }
  }
  const above = Number(number) - (/^(>|gt)$/i.test(operator!) ? 0 : 1)
  return { text, filter, limit: { keys: keys === 'total' ? [] : keysOf(keys!, '--fail-on'), above } }
}

/** Names of keys with commas between. */
export function keysOf(text: string, flag: string): GroupKeyName[] {
  return text.split(',').map(word => {
    const name = word.trim()
    const known = GROUP_KEY_NAMES.find(key => key === name)
    if (known !== undefined) return known
    const meant = closest(name, GROUP_KEY_NAMES)
    throw new UsageError(`${flag} knows no key ${name || '(empty)'}`, {
      hint: meant === undefined ? `known are ${GROUP_KEY_NAMES.join(', ')}` : `did you mean ${meant}?`,
    })
  })
}

export interface FailAnswer {
  condition: FailCondition
  answer: 'met' | 'not-met' | 'unknown'
  /** Those that the filter selects. */
  sockets: Socket[]
  /** How many there are of which that is not known. */
  unknown: number
  /** Groups above the limit. */
  groups: SocketGroup[]
}

/** `unknown`: of how many sockets it is not known whether the filter means them. What is not known never counts as not met: where it could meet the condition, the answer is not known. */
export function judge(condition: FailCondition, sockets: Socket[], unknown: number, context: GroupContext): FailAnswer {
  const result = { condition, sockets, unknown }
  const { limit } = condition
  if (limit === undefined)
    return { ...result, answer: sockets.length > 0 ? 'met' : unknown > 0 ? 'unknown' : 'not-met', groups: [] }
  const all = groupSockets(sockets, limit.keys, context).groups
  const groups = all.filter(group => group.sockets > limit.above)
  const most = all[0]?.sockets ?? 0
  return {
    ...result,
    answer: groups.length > 0 ? 'met' : unknown > 0 && most + unknown > limit.above ? 'unknown' : 'not-met',
    groups,
  }
}
