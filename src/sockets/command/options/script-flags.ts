import * as Flags from '@oclif/core/flags'
import { durationMsFlag } from '../../../cli/duration-flag.ts'
import { UsageError } from '../../../errors.ts'
import { GROUP_KEY_NAMES } from '../../group/group-keys.ts'

const script = { helpGroup: 'script' }

/** Flags for scripts: waiting, judging, counting. */
export const scriptFlags = {
  wait: Flags.string({
    helpValue: 'FILTER|PORT',
    description: 'look until a socket is so, or the port is listened on (status 0), or the time is over (1)',
    ...script,
  }),
  'wait-gone': Flags.string({
    helpValue: 'FILTER|PORT',
    description: 'the same until no socket is so any more',
    ...script,
  }),
  timeout: durationMsFlag('timeout', { description: 'how long to wait (default 30s)', leastMs: 0, ...script }),
  for: durationMsFlag('for', { description: 'it has to stay so for this long', leastMs: 0, ...script }),
  'fail-on': Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    helpValue: 'FILTER',
    description: "end with status 1 where a socket is so, or where many are: 'state close-wait by process > 100'",
    ...script,
  }),
  'group-by': Flags.string({
    helpValue: 'KEY,…',
    description: `count instead of listing, by: ${GROUP_KEY_NAMES.join(', ')}`,
    ...script,
  }),
  top: Flags.integer({ min: 1, description: 'with --group-by: no more groups than this', ...script }),
  summary: Flags.boolean({
    description: "count all sockets by protocol and state, beside the machine's own numbers",
    ...script,
  }),
}

/** Those that have a value. */
export const SCRIPT_VALUES = ['wait', 'wait-gone', 'timeout', 'for', 'fail-on', 'group-by', 'top'] as const

type Given = Readonly<Record<string, unknown>>

/** Flags that change what is printed: only one of them at a time. */
const OUTPUTS = ['wait', 'wait-gone', 'group-by', 'summary', 'compat']
/** What has no effect on them. */
const LISTING_ONLY = ['columns', 'sort', 'why', 'cmdline', 'unlisted', 'peer', 'tcp-info']
const REPEATING = ['continuous', 'watch']

/** Refuses flags for scripts that would be ignored. */
export function refuseBesideScripts(flags: Given, words: readonly string[]): void {
  const given = (name: string) => flags[name] !== undefined && flags[name] !== false
  const isWaiting = given('wait') || given('wait-gone')
  const together = (one: string, other: string, hint?: string): never => {
    throw new UsageError(`--${one} and --${other} do not go together`, { hint })
  }
  const [output, second] = OUTPUTS.filter(given)
  if (output !== undefined && second !== undefined) together(output, second)
  if (output !== undefined && output !== 'compat') {
    const beside = [...LISTING_ONLY, ...REPEATING, ...(isWaiting ? ['no-header'] : [])].find(given)
    if (beside !== undefined) together(output, beside)
  }
  if (isWaiting) {
    if (given('fail-on')) together(output!, 'fail-on')
    if (given('from')) together(output!, 'from', 'a recording never changes')
    if (words.length > 0)
      throw new UsageError(`"${words[0]}" is not expected beside --${output}`, {
        hint: 'its value is the whole filter',
      })
  }
  const repeating = REPEATING.find(given)
  if (given('fail-on') && repeating !== undefined) together('fail-on', repeating)
  if (given('fail-on') && given('compat')) together('fail-on', 'compat')
  if (given('top') && !given('group-by')) throw new UsageError('--top is for --group-by')
  for (const name of ['timeout', 'for'])
    if (given(name) && !isWaiting) throw new UsageError(`--${name} is for --wait and --wait-gone`)
}
