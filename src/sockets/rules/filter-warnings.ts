import { fieldFacts, isNumberField, isTextField } from '../filter/language/fields.ts'
import type { FilterTally } from '../filter/socket-filter.ts'
import type { Warning } from '../../warnings.ts'

/** What is said of sockets that a filter could not be answered for. */
export function filterWarnings(
  { unknown, causes }: Pick<FilterTally, 'unknown' | 'causes'>,
  recorded: boolean,
): Warning[] {
  if (unknown === 0) return []
  const words = [...causes.keys()].sort()
  return [
    {
      code: 'filter-unknown',
      message: `${unknown} socket${unknown === 1 ? ' is' : 's are'} left out because the filter asks for what is not known of ${unknown === 1 ? 'it' : 'them'}: ${words.join(', ')}`,
      hint: [...new Set(words.map(word => hintOf(word, recorded)))].join('; '),
    },
  ]
}

/** What would know it. */
function hintOf(word: string, recorded: boolean): string {
  if (word === 'age') return 'age is known of sockets in TIME_WAIT: the kernel keeps no time of birth'
  if (word === 'autobound') return 'no table tells whether bind() or the kernel chose a port of that range'
  if (word === 'netns') return 'no namespace could be told'
  if (word === 'user' || word === 'uid') return 'no table has the user of unix, netlink and TIME_WAIT sockets'
  if (word === 'recvq' || word === 'sendq') return 'no table has these queues of unix and packet sockets'
  const isOwner = (isNumberField(word) || isTextField(word)) && fieldFacts(word).owners !== undefined
  if (isOwner)
    return recorded
      ? `${word}: the recording does not tell who holds them`
      : `${word}: their processes could not be looked into; --why shows why`
  return recorded ? `${word}: the recording does not hold it` : `${word}: only the kernel's own answer has it`
}
