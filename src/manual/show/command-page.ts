import { blocksOf } from '../../terminal/reflow.ts'
import { roffArgument, roffCode, roffText } from './roff.ts'

/** What a page tells of a command; the keys are those of its statics. */
export interface PageCommand {
  summary?: string | undefined
  description?: string | undefined
  usage?: string | readonly string[] | undefined
  hidden?: boolean | undefined
  examples?: readonly (string | { description?: string; command: string })[] | undefined
  flags?: Readonly<Record<string, PageFlag>> | undefined
  args?: Readonly<Record<string, PageArgument>> | undefined
  filter?: string | undefined
  fields?: string | undefined
  moreFields?: string | undefined
  conditions?: string | undefined
  overhead?: string | undefined
  exitCodes?: string | undefined
}

interface PageArgument {
  description?: string | undefined
  required?: boolean | undefined
}

interface PageFlag {
  type: 'boolean' | 'option'
  char?: string | undefined
  description?: string | undefined
  helpValue?: string | readonly string[] | undefined
  helpGroup?: string | undefined
  options?: readonly string[] | undefined
  default?: unknown
  multiple?: boolean | undefined
  allowNo?: boolean | undefined
  hidden?: boolean | undefined
  env?: string | undefined
}

export interface PageFacts {
  /** Of the page: `linsight-bpf-run`. */
  name: string
  /** As one types it: `linsight bpf run`. */
  typed: string
  /** What stands for `config.bin` in texts. */
  bin: string
  /** What stands for `command.id` in texts: `bpf run`. */
  id: string
  version: string
  /** Day of the build: 2026-11-21. */
  date: string
  /** Other pages, by name. */
  seeAlso: readonly string[]
}

/** The page of a command, for section 1. Source: man(7), man-pages(7). */
export function commandPage(command: PageCommand, facts: PageFacts): string {
  const { examples = [], args = {}, flags = {} } = command
  const said = (text: string) =>
    text.replaceAll('<%= config.bin %>', facts.bin).replaceAll('<%= command.id %>', facts.id)
  const parts = [
    header(facts, command.summary ?? ''),
    section('SYNOPSIS', synopsis(command, facts)),
    command.description === undefined ? '' : section('DESCRIPTION', sectionText(said(command.description))),
    examples.length === 0 ? '' : section('EXAMPLES', examples.map(example => exampleText(example, said)).join('.PP\n')),
    Object.keys(args).length === 0 ? '' : section('ARGUMENTS', Object.entries(args).map(argumentEntry).join('')),
    section('OPTIONS', optionGroups(Object.entries(flags))),
    own('FILTER', command.filter),
    own('FIELDS', command.fields),
    own('MORE FIELDS', command.moreFields),
    own('CONDITIONS', command.conditions),
    own('OVERHEAD', command.overhead),
    own('EXIT STATUS', command.exitCodes),
    seeAlso(facts.seeAlso),
  ]
  return parts.join('')
}

export function header({ name, version, date }: PageFacts, summary: string): string {
  const title = [roffCode(name.toUpperCase()), '1', date, `linsight ${version}`, 'linsight'].map(roffArgument)
  return `.TH ${title.join(' ')}\n.nh\n.ad l\n${section('NAME', `${roffCode(name)} \\- ${roffText(summary)}\n`)}`
}

export const section = (title: string, body: string): string => `.SH ${roffArgument(title)}\n${body}`

export const entry = (term: string, text: string): string =>
  `.TP\n${term}\n${text.trim() === '' ? '\\&' : roffText(text)}\n`

export function seeAlso(names: readonly string[]): string {
  const pages = names.map((name, at) => `.BR ${roffCode(name)} (1)${at < names.length - 1 ? ',' : ''}\n`)
  return section('SEE ALSO', pages.join(''))
}

const own = (title: string, text: string | undefined): string =>
  text === undefined ? '' : section(title, sectionText(text))

/** A section of help: two columns become terms with their texts. */
export function sectionText(text: string): string {
  const blocks = blocksOf(text.replace(/^\n/, ''))
  return blocks
    .map((block, at) => {
      if (block.kind === 'entry') return entry(bold(block.name), block.text)
      if (block.kind === 'blank') return ''
      return `${at === 0 ? '' : '.PP\n'}${roffText(block.text)}\n`
    })
    .join('')
}

function synopsis({ usage, args = {} }: PageCommand, { typed }: PageFacts): string {
  const words = Object.entries(args).map(([name, { required }]) =>
    required === true ? name.toUpperCase() : `[${name.toUpperCase()}]`,
  )
  const lines = usage === undefined ? [[...words, '[FLAGS]'].join(' ')] : [usage].flat()
  const [first = ''] = typed.split(' ').slice(1)
  // The usage of a command below the umbrella begins with its own words.
  const rest = lines.map(line =>
    line.replace(first === '' ? '' : new RegExp(`^${typed.split(' ').slice(1).join(' ')} ?`), ''),
  )
  return rest
    .map((line, at) => `${at === 0 ? '' : '.br\n'}${bold(typed)} ${roffText(line.replaceAll(/\s+/g, ' '))}\n`)
    .join('')
}

function exampleText(
  example: string | { description?: string; command: string },
  said: (text: string) => string,
): string {
  const { description = '', command } = typeof example === 'string' ? { command: example } : example
  const lines = said(command).replace(/^\$ /, '').split('\n')
  const about = description === '' ? '' : `${roffText(said(description))}\n`
  return `${about}.RS 4\n.nf\n${lines.map(line => bold(line)).join('\n')}\n.fi\n.RE\n`
}

function argumentEntry([name, { description = '' }]: [string, PageArgument]): string {
  return entry(`\\fI${roffCode(name.toUpperCase())}\\fR`, description)
}

function optionGroups(flags: readonly (readonly [string, PageFlag])[]): string {
  const groups = new Map<string, string>()
  for (const [name, flag] of flags) {
    if (flag.hidden === true) continue
    const group = flag.helpGroup ?? ''
    groups.set(group, (groups.get(group) ?? '') + optionEntry(name, flag))
  }
  const inOrder = [...groups].sort(([a], [b]) => Number(a !== '') - Number(b !== ''))
  return inOrder
    .map(([group, text]) =>
      group === '' ? text : `.SS ${roffArgument(roffText(group[0]!.toUpperCase() + group.slice(1)))}\n${text}`,
    )
    .join('')
}

function optionEntry(name: string, flag: PageFlag): string {
  const { char, type, description = '', options, multiple, env } = flag
  const value = type === 'boolean' ? '' : [flag.helpValue ?? options?.join('|') ?? 'N'].flat().join(' ')
  const often = multiple === true ? '...' : ''
  const long = flag.allowNo === true ? `--[no-]${name}` : `--${name}`
  const names = [
    ...(char === undefined ? [] : [bold(`-${char}`)]),
    `${bold(long)}${value === '' ? '' : `=\\fI${roffText(value)}\\fR${often}`}`,
  ]
  const preset =
    type === 'option' && ['string', 'number'].includes(typeof flag.default) ? `default ${String(flag.default)}` : ''
  const extras = [preset, env === undefined ? '' : `or ${env} in the environment`].filter(Boolean)
  return entry(names.join(', '), description + (extras.length === 0 ? '' : ` (${extras.join('; ')})`))
}

const bold = (text: string): string => `\\fB${roffCode(text)}\\fR`
