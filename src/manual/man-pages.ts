import { EXIT, EXIT_MEANINGS, type ExitName } from '../errors.ts'
import {
  commandPage,
  entry,
  header,
  section,
  sectionText,
  seeAlso,
  type PageCommand,
  type PageFacts,
} from './show/command-page.ts'
import { roffCode } from './show/roff.ts'

export interface ManualFacts {
  bins: Readonly<Record<string, string | undefined>>
  topics: Readonly<Record<string, { description: string }>>
  version: string
  date: string
}

/** `mynetstat` of a command with a name of its own, `linsight-bpf-run` of another. */
export function pageName(id: string, bins: ManualFacts['bins']): string {
  const bin = Object.entries(bins).find(([, command]) => command === id)?.[0]
  return bin ?? `linsight-${id.replaceAll(':', '-')}`
}

/** File name → text of the man page of every command that is shown, and of the umbrella; names as those of git's pages. */
export function manPages(manifest: Readonly<Record<string, PageCommand>>, facts: ManualFacts): Record<string, string> {
  const shown = Object.entries(manifest).filter(([, { hidden }]) => hidden !== true)
  const ownName = new Map(
    Object.entries(facts.bins).flatMap(([bin, command]) => (command === undefined ? [] : [[command, bin]])),
  )
  const nameOf = (id: string) => pageName(id, facts.bins)
  const names = shown.map(([id]) => nameOf(id))
  const topicOf = (id: string) => id.split(':')[0]!
  const pages = shown.map(([id, command]): [string, string] => {
    const name = nameOf(id)
    const siblings = shown
      .filter(([other]) => other !== id && topicOf(other) === topicOf(id))
      .map(([other]) => nameOf(other))
    const bin = ownName.get(id) ?? 'linsight'
    const typed = ownName.get(id) ?? `linsight ${id.replaceAll(':', ' ')}`
    const page = commandPage(command, {
      ...facts,
      name,
      typed,
      bin,
      id: id.replaceAll(':', ' '),
      seeAlso: ['linsight', ...siblings],
    })
    return [`${name}.1`, page]
  })
  return { 'linsight.1': umbrellaPage(shown, nameOf, { ...facts, seeAlso: names }), ...Object.fromEntries(pages) }
}

function umbrellaPage(
  commands: readonly (readonly [string, PageCommand])[],
  nameOf: (id: string) => string,
  facts: ManualFacts & Pick<PageFacts, 'seeAlso'>,
): string {
  const bold = (text: string) => `\\fB${roffCode(text)}\\fR`
  const page = { ...facts, name: 'linsight', typed: 'linsight', bin: 'linsight', id: '' }
  const listed = commands.map(([id, { summary = '' }]) => {
    const typed = nameOf(id).startsWith('linsight-') ? `linsight ${id.replaceAll(':', ' ')}` : nameOf(id)
    return entry(bold(typed), summary)
  })
  const exits = Object.entries(EXIT).map(([name, exit]) => entry(bold(String(exit)), EXIT_MEANINGS[name as ExitName]))
  return [
    header(page, 'what happens on a Linux server: sockets, system calls, what is wrong and why'),
    section('SYNOPSIS', `${bold('linsight')} COMMAND [ARGUMENTS]\n`),
    section('DESCRIPTION', sectionText(ABOUT)),
    section('COMMANDS', listed.join('')),
    section('EXIT STATUS', exits.join('') + entry(bold('128+n'), 'ended by signal n')),
    section('ENVIRONMENT', sectionText(ENVIRONMENT)),
    seeAlso(facts.seeAlso),
  ].join('')
}

const ABOUT = `
Reads what the kernel tells of sockets, processes and system calls, completely, and says what it could not see. Every
command prints a table for people and, with --json, one document for programs; what it reads live it reads from a
recording too, with --from. The commands that have a name of their own are also commands of linsight.`

const ENVIRONMENT = `
LINSIGHT_FROM  the recording to read where no --from is given
NO_COLOR       where it is set to anything, nothing is coloured
DEBUG          with linsight in it, errors that are bugs come with their place in the code`
