import * as Flags from '@oclif/core/flags'
import { UsageError } from '../../errors.ts'
import { hostFlags } from '../../fleet/command/index.ts'

const view = { helpGroup: 'instead of sockets' }

/** What netstat shows beside sockets. */
export const viewFlags = {
  statistics: Flags.boolean({
    char: 's',
    description:
      'every counter of the kernel with what it counts; with -c or --watch rates; -t -u -U -S -w -4 -6 choose',
    ...view,
  }),
  route: Flags.boolean({
    char: 'r',
    description: 'routes; -e and -ee add columns, -v asks ip(8) for every table and type',
    ...view,
  }),
  interfaces: Flags.boolean({
    char: 'i',
    description: 'interfaces with what was dropped and why; -a those that are down, -e addresses and bytes',
    ...view,
  }),
  groups: Flags.boolean({ char: 'g', description: 'multicast groups; -e hardware addresses, too', ...view }),
}

export type View = keyof typeof viewFlags

const VIEWS = Object.keys(viewFlags) as View[]

/** Flags that choose or shape what a view shows. */
const ITS_FLAGS: Readonly<Record<View, string>> = {
  statistics: 'all tcp udp udplite sctp raw inet inet6 continuous watch numeric netns',
  route: 'inet inet6 protocol numeric numeric-hosts extend wide verbose continuous fib cache symbolic netns',
  interfaces: 'all extend wide numeric verbose continuous symbolic',
  groups: 'inet inet6 numeric numeric-hosts extend wide continuous symbolic netns',
}

/** Flags of every command, and those that netstat takes with any view, where they change nothing. */
const EVERYWHERE = `json color from endian compat ${Object.keys(hostFlags).join(' ')}`

/** With --compat netstat's letters that it takes and passes over. */
const PASSED_OVER =
  'all listening programs timers extend wide numeric numeric-ports numeric-users verbose fib cache symbolic continuous'

const LETTERS: Readonly<Record<View, string>> = { statistics: '-s', route: '-r', interfaces: '-i', groups: '-g' }

const ONE_NAMESPACE = 'run it in that network namespace: ip netns exec NAME, or nsenter --net -t PID'

/** The view that the flags ask for. Refuses two of them, and what would be ignored. */
export function viewOf(flags: Readonly<Record<string, unknown>>): View | undefined {
  const isGiven = (name: string) => flags[name] !== undefined && flags[name] !== false
  const asked = VIEWS.filter(isGiven)
  const [first, second] = asked
  if (first === undefined) return undefined
  if (second !== undefined)
    throw new UsageError(`${LETTERS[first]} and ${LETTERS[second]} do not go together`, {
      hint: 'ask for one after the other',
    })
  const known = new Set(`${first} ${ITS_FLAGS[first]} ${EVERYWHERE} ${isGiven('compat') ? PASSED_OVER : ''}`.split(' '))
  const other = Object.keys(flags).find(name => isGiven(name) && !known.has(name))
  if (other !== undefined)
    throw new UsageError(`${LETTERS[first]} and --${other} do not go together`, {
      hint: other.endsWith('netns')
        ? ONE_NAMESPACE
        : `--${other} is about sockets; leave out ${LETTERS[first]} to see them`,
    })
  if (first === 'route' && isGiven('netns') && isGiven('verbose'))
    throw new UsageError('-r -v and --netns do not go together', {
      hint: 'ip(8), which -v asks, tells of the namespace it runs in: nsenter --net=/proc/PID/ns/net mynetstat -r -v',
    })
  refuseCompatOf(first, isGiven)
  return first
}

function refuseCompatOf(view: View, isGiven: (name: string) => boolean): void {
  if (!isGiven('compat')) return
  if (isGiven('json'))
    throw new UsageError('--json and --compat do not go together', {
      hint: '--compat prints what netstat prints and nothing else',
    })
  if (view === 'groups' && (isGiven('inet') || isGiven('inet6')))
    throw new UsageError('--compat -g does not go with -4 and -6: netstat would print sockets, too', {
      hint: 'leave out --compat, or -4 and -6',
    })
}

/** How often -e was given: netstat's -ee is another form than -e. */
export const timesGiven = (argv: readonly string[], letter: string, name: string): number =>
  argv.reduce((count, word) => {
    if (/^-[A-Za-z0-9]+$/.test(word)) return count + word.split(letter).length - 1
    return word === `--${name}` ? count + 1 : count
  }, 0)
