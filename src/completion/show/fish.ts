import type { Completion } from '../../cli/completions.ts'
import type { CommandLines, CommandWords, FlagWords } from '../model.ts'

/** The completion of fish, with what each word means. */
export function fishCompletion(lines: CommandLines): string {
  const umbrellas = lines.bins.filter(({ command }) => command === undefined)
  const blocks = [
    ...lines.bins.map(({ name }) => `complete -c ${name} -e\ncomplete -c ${name} -f`),
    ...lines.bins.flatMap(({ name, command }) => {
      const own = lines.commands.find(({ id }) => id === command)
      return own === undefined ? [] : [commandLines(name, own, undefined)]
    }),
    ...umbrellas.flatMap(({ name }) => umbrella(name, lines)),
  ]
  return `# fish completion of ${lines.bins.map(({ name }) => name).join(', ')}. Generated: linsight completion fish
${FUNCTIONS}
${blocks.join('\n')}
`
}

const FUNCTIONS = `
# Whether the words so far are these and no more.
function __linsight_at
    set -l typed (commandline -opc)
    test (count $typed) -eq (math (count $argv) + 1); and test "$typed[2..]" = "$argv"
end

# Whether the command is the one of these words.
function __linsight_in
    set -l typed (commandline -opc)
    test (count $typed) -gt (count $argv); and test "$typed[2.."(math (count $argv) + 1)"]" = "$argv"
end

# Words with commas between: those that are not there yet.
function __linsight_several
    set -l typed (string replace -r '^-[^=]*=' '' -- (commandline -ct))
    set -l before (string replace -r '[^,]*$' '' -- $typed)
    for word in $argv
        contains -- $word (string split , -- $before); or echo -- $before$word
    end
end

# The words of another command, behind --.
function __linsight_other
    set -l typed (commandline -opc) (commandline -ct)
    set -l at (contains -i -- -- $typed)
    and __fish_complete_subcommand --commandline $typed[(math $at + 1)..]
end

# What the machine has at this moment.
function __linsight_live
    command linsight __complete $argv[1] (string replace -r '^-[^=]*=' '' -- (commandline -ct)) 2>/dev/null
end
`

function umbrella(bin: string, lines: CommandLines): string[] {
  const first = [
    ...lines.topics,
    ...lines.commands.flatMap(({ id, text }) => (id.includes(' ') ? [] : [{ name: id, text }])),
  ]
  const offer = (at: string, name: string, text: string) =>
    `complete -c ${bin} -n '__linsight_at${at}' -a ${quoted(name)} -d ${quoted(text)}`
  const below = lines.commands.flatMap(({ id, text }) => {
    const [topic, word] = id.split(' ')
    return word === undefined ? [] : [offer(` ${topic}`, word, text)]
  })
  return [
    ...first.map(({ name, text }) => offer('', name, text)),
    `complete -c ${bin} -n '__linsight_at' -s h -l help -d 'this text'`,
    `complete -c ${bin} -n '__linsight_at' -s V -l version -d 'name and version'`,
    ...below,
    ...lines.commands.map(command => commandLines(bin, command, `__linsight_in ${command.id}`)),
  ]
}

function commandLines(bin: string, { id, flags, operands, runs }: CommandWords, condition: string | undefined): string {
  const when = condition === undefined ? '' : ` -n '${condition}'`
  const start = `complete -c ${bin}${when}`
  const ownWords = condition === undefined ? 1 : id.split(' ').length + 1
  const other =
    runs === 'behind-dashes'
      ? '__linsight_other'
      : `__fish_complete_subcommand --fcs-skip=${ownWords} -${valued(flags)}`
  return [
    ...flags.map(flag => `${start}${flagOptions(flag)}`),
    ...offers(operands).map(options => `${start} ${options}`),
    ...(runs === undefined ? [] : [`${start} -a '(${other})'`]),
  ].join('\n')
}

/** Flags that take a value, for what looks for the beginning of the other command. */
function valued(flags: readonly FlagWords[]): string {
  return flags
    .flatMap(({ name, letter, value }) =>
      value === undefined ? [] : [`--${name}`, ...(letter === undefined ? [] : [`-${letter}`])],
    )
    .map(word => ` ${word}`)
    .join('')
}

function flagOptions({ name, letter, text, value }: FlagWords): string {
  const names = `${letter === undefined ? '' : ` -s ${letter}`} -l ${name}`
  const meaning = ` -d ${quoted(text)}`
  if (value === undefined) return `${names}${meaning}`
  return `${names} -x${offers(value.completion)
    .map(options => ` ${options}`)
    .join('')}${meaning}`
}

/** Options of `complete` that offer the words. */
function offers({ words, live, files, hosts, several }: Completion): string[] {
  const parts = [
    ...(words === undefined ? [] : [several === true ? `(__linsight_several ${words.join(' ')})` : words.join(' ')]),
    ...(live === undefined ? [] : [`(__linsight_live ${live})`]),
    ...(hosts === true ? ['(__fish_print_hostnames)'] : []),
    ...(files === true ? ['(__fish_complete_path (commandline -ct | string replace -r "^-[^=]*=" ""))'] : []),
  ]
  return parts.length === 0 ? [] : [`-a ${quoted(parts.join(' '))}`]
}

const quoted = (text: string): string => `'${text.replaceAll('\n', ' ').replaceAll(/['\\]/g, '\\$&')}'`
