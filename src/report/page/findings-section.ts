import type { ReportData, ReportFinding, ReportInput } from '../model.ts'
import { h, section } from './dom.ts'
import { plural } from './format.ts'
import { areSeveral } from './machines.ts'

/** Findings that accuse somebody stand open. */
const OPEN: ReadonlySet<string> = new Set(['critical', 'warning'])

const WORDS: Readonly<Record<string, string>> = { critical: 'Critical', warning: 'Warning', info: 'Note' }

/** What is wrong, first of all; what was not looked at, last. */
export function findingsSection({ findings, notLooked, inputs }: ReportData): HTMLElement {
  const severe = findings.filter(({ severity }) => OPEN.has(severity))
  const notes = findings.filter(({ severity }) => !OPEN.has(severity))
  const manyHosts = areSeveral(inputs)
  const causes = new Map(notLooked.map(({ what, why }) => [`${what}: ${why}`, { what, why }]))
  return section(
    'findings',
    'Findings',
    undefined,
    severe.length > 0
      ? h('div', { class: 'cards' }, ...severe.map(finding => card(finding, manyHosts)))
      : h('p', { class: 'nothing' }, isJudged(inputs) ? 'Nothing was found that is wrong.' : NOT_JUDGED),
    notes.length > 0 &&
      h(
        'details',
        { class: 'more' },
        h('summary', {}, plural(notes.length, 'note')),
        h('div', { class: 'cards' }, ...notes.map(finding => card(finding, manyHosts))),
      ),
    causes.size > 0 &&
      h(
        'details',
        { class: 'more' },
        h('summary', {}, `${causes.size === 1 ? 'One thing was' : `${causes.size} things were`} not looked at`),
        h(
          'ul',
          { class: 'plain' },
          ...[...causes.values()].map(({ what, why }) => h('li', {}, h('b', {}, what), ` — ${why}`)),
        ),
      ),
  )
}

const NOT_JUDGED = 'No rule judges a recorded bpf run: it is shown as it is.'

/** Whether findings can come of any of the recordings. */
export const isJudged = (inputs: readonly ReportInput[]): boolean => inputs.some(({ kind }) => kind !== 'trace')

function card(finding: ReportFinding, withHost: boolean): HTMLElement {
  const { severity, who, suffering, evidence, consequences, by, code, host } = finding
  return h(
    'article',
    { class: `card ${severity}` },
    h(
      'header',
      {},
      h('span', { class: 'badge' }, WORDS[severity] ?? severity),
      h('span', { class: 'source' }, [withHost ? host : undefined, by, code].filter(Boolean).join(' · ')),
    ),
    h('h3', {}, ...(who === undefined || who === '' ? [] : [h('b', {}, who), ' ']), finding.finding),
    suffering !== undefined && h('p', { class: 'suffering' }, suffering),
    list('Evidence', evidence),
    list('What helps', finding.do, 'helps'),
    list('What does not help', finding.not),
    list('Follows from it', consequences),
  )
}

function list(title: string, items: readonly string[], kind = ''): HTMLElement | undefined {
  if (items.length === 0) return undefined
  return h('div', { class: `part ${kind}` }, h('h4', {}, title), h('ul', {}, ...items.map(item => h('li', {}, item))))
}
