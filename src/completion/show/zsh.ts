import type { Completion } from '../../cli/completions.ts'
import type { CommandLines, CommandWords, FlagWords } from '../model.ts'
import { secondWords } from './bash.ts'

/** The completion of zsh, with what each word means; to be sourced, or a file `_linsight` in a folder of `fpath`. */
export function zshCompletion(lines: CommandLines): string {
  const names = lines.bins.map(({ name }) => name).join(' ')
  return `#compdef ${names}
# zsh completion of ${names}. Generated: linsight completion zsh

# What the machine has at this moment.
_linsight_live() {
  local -a found
  local word text
  while IFS=$'\\t' read -r word text; do found+=("\${word//:/\\\\:}\${text:+:$text}"); done < <(command linsight __complete "$1" "$PREFIX" 2>/dev/null)
  _describe "$1" found
}

# The words of another command, with --dashes those behind the first --.
_linsight_other() {
  local -i at=1
  [[ $1 == --dashes ]] && at=\${words[(i)--]}
  if [[ $words[at] == -- ]]; then words=("\${(@)words[at+1,-1]}"); (( CURRENT -= at ))
  elif [[ $1 == --dashes ]]; then return 1; fi
  if (( CURRENT == 1 )); then _command_names -e; else _normal; fi
}

${lines.commands.map(commandFunction).join('\n')}
${lines.topics.map(topic => topicFunction(lines, topic.name)).join('\n')}
_linsight_all() {
  local -a words_
  local state line curcontext=$curcontext
  _arguments -C '(- *)'{-h,--help}'[this text]' '(- *)'{-V,--version}'[name and version]' '1: :->first' '*:: :->more'
  case $state in
    first)
      words_=(${[...lines.topics.map(({ name, text }) => described(name, text)), ...lines.commands.flatMap(({ id, text }) => (id.includes(' ') ? [] : [described(id, text)]))].join(' ')})
      _describe 'command' words_ ;;
    more)
      (( $+functions[_linsight-\${line[1]}] )) && "_linsight-\${line[1]}" ;;
  esac
}

_linsight() {
  case $service in
${lines.bins.flatMap(({ name, command }) => (command === undefined ? [] : [`    ${name}) _linsight-${command} ;;\n`])).join('')}    *) _linsight_all ;;
  esac
}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then _linsight "$@"; else compdef _linsight ${names}; fi
`
}

const functionName = (id: string) => `_linsight-${id.replaceAll(' ', '-')}`

function commandFunction(command: CommandWords): string {
  const { id, flags, operands, runs } = command
  const rest = runs === undefined ? [`'*: :${action(operands)}'`] : otherCommand(command)
  const words = [...flags.flatMap(flagSpecs), ...rest]
  const stop = runs === 'at-operand' ? " -A '-*'" : ''
  return `${functionName(id)}() {\n  _arguments -s -S${stop} : \\\n    ${words.join(' \\\n    ')}\n}\n`
}

function otherCommand({ runs, operands }: CommandWords): string[] {
  return runs === 'at-operand'
    ? [`'(-)1: :${action(operands) || ' _command_names -e'}'`, `'*:: :_linsight_other'`]
    : [`'1: :${action(operands)}'`, `'*:: : _linsight_other --dashes'`]
}

function topicFunction(lines: CommandLines, topic: string): string {
  const below = secondWords(lines, topic)
  const words = below.map(word => described(word, lines.commands.find(({ id }) => id === `${topic} ${word}`)!.text))
  return `${functionName(topic)}() {
  local -a words_
  local state line curcontext=$curcontext
  _arguments -C '(- *)'{-h,--help}'[this text]' '1: :->first' '*:: :->more'
  case $state in
    first)
      words_=(${words.join(' ')})
      _describe 'command' words_ ;;
    more)
      (( $+functions[${functionName(topic)}-\${line[1]}] )) && "${functionName(topic)}-\${line[1]}" ;;
  esac
}
`
}

/** One specification for each name: `'(-a --all)-a[every socket]'`. */
function flagSpecs({ name, letter, text, value, multiple }: FlagWords): string[] {
  const names = [...(letter === undefined ? [] : [`-${letter}`]), `--${name}`]
  const without = multiple ? '' : `(${names.join(' ')})`
  const often = multiple ? '*' : ''
  const meaning = `[${specText(text)}]`
  const rest = value === undefined ? '' : `:${specText(value.name)}:${action(value.completion)}`
  return names.map(one => {
    // \`=\`: the value may follow with it or as the next word; a letter takes it joined, too.
    const takes = value === undefined ? '' : one.startsWith('--') ? '=' : '+'
    return quoted(`${without}${often}${one}${takes}${meaning}${rest}`)
  })
}

function action({ words, live, files, hosts, several }: Completion): string {
  if (words !== undefined && several === true) return ` _values -s , word ${words.map(specText).join(' ')}`
  const actions = [
    ...(words === undefined ? [] : [`compadd -- ${words.join(' ').replaceAll(':', '\\:')}`]),
    ...(live === undefined ? [] : [`_linsight_live ${live}`]),
    ...(files === true ? ['_files'] : []),
    ...(hosts === true ? ['_hosts'] : []),
  ]
  return actions.length === 0 ? '' : actions.length === 1 ? ` ${actions[0]}` : `{ ${actions.join('; ')} }`
}

const specText = (text: string): string => text.replaceAll('\n', ' ').replaceAll(/[[\]:\\]/g, '\\$&')
const described = (name: string, text: string): string => quoted(`${name.replaceAll(':', '\\:')}:${text}`)
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`
