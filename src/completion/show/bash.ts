import type { Completion } from '../../cli/completions.ts'
import type { CommandLines, CommandWords } from '../model.ts'

/**
 * The completion of bash, 4.4 or newer. Words of the machine are compared and taken as they are, never expanded: a
 * process may have any name.
 */
export function bashCompletion(lines: CommandLines): string {
  return `# bash completion of ${lines.bins.map(({ name }) => name).join(', ')}. Generated: linsight completion bash

${lookup(
  '_linsight_flags',
  'flags: those of a command; letters: those that take a value',
  lines.commands.map(command => [
    quoted(command.id),
    `flags=${quoted(flagsOf(command))} letters=${quoted(lettersOf(command))}`,
  ]),
)}
${lookup(
  '_linsight_value',
  'words, live, files, hosts, several: what the value of a flag may be, or an operand',
  values(lines.commands),
)}
${lookup(
  '_linsight_command',
  'runs: where another command begins',
  lines.commands.flatMap(({ id, runs }) => (runs === undefined ? [] : [[quoted(id), `runs=${runs}`]])),
)}
${lookup('_linsight_below', 'words: what may follow', [
  ["''", `words=${quoted([...firstWords(lines), '--help', '--version'].join(' '))}`],
  ...lines.topics.map(({ name }): [string, string] => [
    quoted(name),
    `words=${quoted(`${secondWords(lines, name).join(' ')} --help`)}`,
  ]),
])}
${lookup(
  '_linsight_bin',
  'command: what a name on the PATH stands for',
  lines.bins.flatMap(({ name, command }) => (command === undefined ? [] : [[name, `command=${quoted(command)}`]])),
)}
${FUNCTIONS}
complete -F _linsight ${lines.bins.map(({ name }) => name).join(' ')}
`
}

const FUNCTIONS = `# The words as they were typed: bash cuts them at = and :
_linsight_typed() {
  local rest=$COMP_LINE word at
  typed=()
  for ((at = 0; at <= COMP_CWORD; at++)); do
    word=\${COMP_WORDS[at]}
    if ((at > 0)) && [[ $rest != [[:blank:]]* ]]; then typed[\${#typed[@]} - 1]+=$word; else typed+=("$word"); fi
    rest=\${rest#"\${rest%%[![:blank:]]*}"}
    rest=\${rest#"$word"}
  done
}

_linsight() {
  local -a typed
  local cur command= first=1 at word flag= open= flags letters words= live= files= hosts= several= runs=
  _linsight_typed
  cur=\${typed[\${#typed[@]} - 1]}
  _linsight_bin "\${typed[0]##*/}"
  if [[ -z $command ]]; then
    word=
    for ((at = 1; at < \${#typed[@]} - 1 && at < 3; at++)); do
      _linsight_flags "$word\${word:+ }\${typed[at]}" && command="$word\${word:+ }\${typed[at]}" && first=$((at + 1)) && break
      word=\${typed[at]}
    done
    if [[ -z $command ]]; then
      # No command yet: the names of those there are, or of those below a topic.
      ((\${#typed[@]} > 3)) && return
      words=
      _linsight_below "$word" && _linsight_offer "$cur"
      return
    fi
  fi
  _linsight_flags "$command"
  _linsight_command "$command"
  for ((at = first; at < \${#typed[@]} - 1; at++)); do
    word=\${typed[at]}
    if [[ -n $flag ]]; then flag=
    elif [[ $word == -- ]]; then
      [[ -n $runs ]] && { open=$((at + 1)); break; }
    elif [[ $word == --*=* ]]; then :
    elif [[ $word == --* ]]; then [[ " $flags " == *" $word= "* ]] && flag=$word
    elif [[ $word == -?* ]]; then
      # Letters in one word: the first that takes a value takes the rest of it, or else the next word.
      while word=\${word#?}; [[ -n $word ]]; do
        [[ $letters == *"\${word:0:1}"* ]] && { ((\${#word} == 1)) && flag=-$word; break; }
      done
    elif [[ $runs == at-operand ]]; then open=$at; break
    fi
  done
  if [[ -n $open || ( $runs == at-operand && -z $flag && $cur != -* ) ]]; then
    # The words of the other command.
    if [[ -z $open ]] && _linsight_value "$command "; then _linsight_offer "$cur"
    elif ((\${#typed[@]} - 1 == \${open:-$at})); then mapfile -t COMPREPLY < <(compgen -c -- "$cur")
    else compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); fi
  elif [[ -n $flag ]]; then
    _linsight_value "$command $flag" && _linsight_offer "$cur"
  elif [[ $cur == --*=* ]]; then
    _linsight_value "$command \${cur%%=*}" && _linsight_offer "\${cur#*=}"
  elif [[ $cur == -* ]]; then
    words=$flags
    _linsight_offer "$cur"
    [[ \${#COMPREPLY[@]} == 1 && \${COMPREPLY[0]} == *= ]] && compopt -o nospace 2>/dev/null
  else
    _linsight_value "$command " && _linsight_offer "$cur"
  fi
}

# What begins as the word does, of words, live and files.
_linsight_offer() {
  local cur=$1 before= word rest
  local -a all
  if [[ -n $several && $cur == *,* ]]; then before=\${cur%,*},; cur=\${cur##*,}; fi
  read -r -a all <<<"$words"
  if [[ -n $live ]]; then
    while IFS=$'\\t' read -r word rest; do all+=("$word"); done < <(command linsight __complete "$live" "$cur" 2>/dev/null)
  fi
  if [[ -n $hosts ]]; then
    while IFS= read -r word; do all+=("$word"); done < <(compgen -A hostname -- "$cur")
  fi
  COMPREPLY=()
  for word in "\${all[@]}"; do
    [[ $word == "$cur"* && ,$before != *",$word,"* ]] && COMPREPLY+=("$before$word")
  done
  if [[ -n $files ]]; then
    compopt -o filenames 2>/dev/null
    while IFS= read -r word; do COMPREPLY+=("$before$word"); done < <(compgen -f -- "$cur")
  fi
  # bash replaces what stands behind the last = or : alone.
  local whole=$1 cut=
  [[ $whole == *:* && $COMP_WORDBREAKS == *:* ]] && cut=\${whole%"\${whole##*:}"}
  for ((word = 0; word < \${#COMPREPLY[@]}; word++)); do COMPREPLY[word]=\${COMPREPLY[word]#"$cut"}; done
}
`

/** A function that sets variables by its first argument, and fails where that is unknown. */
function lookup(name: string, what: string, entries: readonly (readonly [string, string])[]): string {
  const cases = entries.map(([pattern, settings]) => `  ${pattern}) ${settings} ;;\n`).join('')
  return `# ${what}\n${name}() {\n  case $1 in\n${cases}  *) return 1 ;;\n  esac\n}\n`
}

function flagsOf({ flags }: CommandWords): string {
  return flags.map(({ name, value }) => (value === undefined ? `--${name}` : `--${name}=`)).join(' ')
}

function lettersOf({ flags }: CommandWords): string {
  return flags.flatMap(({ letter, value }) => (letter !== undefined && value !== undefined ? [letter] : [])).join('')
}

/** The same settings under all the names that they hold for. */
function values(commands: readonly CommandWords[]): [string, string][] {
  const bySettings = new Map<string, string[]>()
  const add = (key: string, completion: Completion) => {
    const settings = settingsOf(completion)
    if (settings === '') return
    bySettings.set(settings, [...(bySettings.get(settings) ?? []), quoted(key)])
  }
  for (const { id, flags, operands } of commands) {
    add(`${id} `, operands)
    for (const { name, letter, value } of flags) {
      if (value === undefined) continue
      add(`${id} --${name}`, value.completion)
      if (letter !== undefined) add(`${id} -${letter}`, value.completion)
    }
  }
  return [...bySettings].map(([settings, keys]) => [keys.join('|'), settings])
}

function settingsOf({ words, live, files, hosts, several }: Completion): string {
  return [
    ...(words === undefined ? [] : [`words=${quoted(words.join(' '))}`]),
    ...(live === undefined ? [] : [`live=${live}`]),
    ...(files === true ? ['files=1'] : []),
    ...(hosts === true ? ['hosts=1'] : []),
    ...(several === true ? ['several=1'] : []),
  ].join(' ')
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

/** What may stand behind `linsight`. */
export function firstWords({ commands, topics }: CommandLines): string[] {
  return [...topics.map(({ name }) => name), ...commands.flatMap(({ id }) => (id.includes(' ') ? [] : [id]))]
}

/** What may stand behind a topic. */
export function secondWords({ commands }: CommandLines, topic: string): string[] {
  return commands.flatMap(({ id }) => (id.startsWith(`${topic} `) ? [id.slice(topic.length + 1)] : []))
}
