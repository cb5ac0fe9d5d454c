import { REPORT_SCHEMA, type InputKind, type PeerView, type ReportData, type ReportInput } from '../model.ts'
import { cut, h, section, visible } from './dom.ts'
import { findingsSection, isJudged } from './findings-section.ts'
import { flameGraph } from './flame-graph.ts'
import { count, isTime, local, plural, utc } from './format.ts'
import { heatmap } from './heatmap.ts'
import { areSeveral } from './machines.ts'
import { socketsSection } from './sockets.ts'
import { peersSection, table } from './tables.ts'
import { timeWaitSection } from './time-wait-section.ts'

/** The data of the page: gzip in base64. */
async function read(): Promise<ReportData> {
  const packed = Uint8Array.from(atob(document.getElementById('data')!.textContent), letter => letter.charCodeAt(0))
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'))
  const data = (await new Response(stream).json()) as ReportData
  if (data.schema !== REPORT_SCHEMA) throw new Error('not of this version')
  return data
}

function show(data: ReportData): void {
  const named = new Set(data.inputs.flatMap(({ host }) => host ?? []))
  // As long as a name of a host may be.
  const hosts = named.size > 0 ? [...named].map(host => cut(host, 64)) : ['A machine without a name']
  document.title = visible(`${hosts.join(', ')} — linsight report`)
  const sockets = data.sockets && data.sockets.count > 0 ? socketsSection(data.sockets) : undefined
  const flames = data.flames.map((view, at) => flameGraph(view, `flame-${at}`))
  const toSockets = ({ address, host = '' }: PeerView) => {
    sockets?.search(areSeveral(data.inputs) ? `${address} ${host}` : address)
    document.getElementById('sockets')?.scrollIntoView()
  }
  const toFrame = (name: string) => {
    for (const flame of flames) flame.search(name)
    document.getElementById('flame-graphs')?.scrollIntoView()
  }
  const severe = data.findings.filter(({ severity }) => severity === 'critical' || severity === 'warning').length
  const parts: [id: string, title: string, number: number | undefined, element: HTMLElement][] = [
    ['findings', 'Findings', isJudged(data.inputs) ? severe : undefined, findingsSection(data)],
  ]
  if (data.timeWait.length > 0)
    parts.push(['time-wait', 'TIME_WAIT', undefined, timeWaitSection(data.timeWait, areSeveral(data.inputs))])
  if (data.heatmaps.length > 0) {
    const maps = data.heatmaps.map(view => heatmap(view, view.rowsAreFrames && flames.length > 0 ? toFrame : undefined))
    parts.push(['latency', 'Latency', undefined, section('latency', 'Latency', undefined, ...maps)])
  }
  if (flames.length > 0) {
    const note = 'Width is weight, what is called stands below. Click or Enter zooms in, Escape out, arrows move.'
    const graphs = section('flame-graphs', 'Flame graph', note, ...flames.map(({ element }) => element))
    parts.push(['flame-graphs', 'Flame graph', undefined, graphs])
  }
  if (data.tables.length > 0)
    parts.push([
      'calls',
      'Calls and events',
      undefined,
      section('calls', 'Calls and events', undefined, ...data.tables.map(table)),
    ])
  if (data.peers.length > 0) parts.push(['peers', 'Peers', data.peers.length, peersSection(data.peers, toSockets)])
  if (sockets !== undefined) parts.push(['sockets', 'Sockets', data.sockets!.count, sockets.element])
  const page = document.getElementById('page')!
  page.replaceChildren(
    header(data, hosts),
    h(
      'nav',
      { 'aria-label': 'Parts of the report' },
      ...parts.map(([id, title, number]) =>
        h(
          'a',
          { href: `#${id}` },
          title,
          number !== undefined && ' ',
          number !== undefined && h('span', { class: 'many' }, count(number)),
        ),
      ),
    ),
    h('main', {}, ...parts.map(([, , , element]) => element)),
    footer(data),
  )
  addEventListener('beforeprint', () => {
    for (const details of document.querySelectorAll('details')) details.open = true
  })
  document.documentElement.dataset['ready'] = performance.now().toFixed(0)
}

function header({ inputs, findings }: ReportData, hosts: readonly string[]): HTMLElement {
  const critical = findings.filter(({ severity }) => severity === 'critical').length
  const warnings = findings.filter(({ severity }) => severity === 'warning').length
  const verdict = critical > 0 ? 'critical' : warnings > 0 ? 'warning' : 'ok'
  const words = [critical > 0 && `${critical} critical`, warnings > 0 && plural(warnings, 'warning')].filter(Boolean)
  return h(
    'header',
    { class: 'top' },
    h(
      'div',
      { class: 'title' },
      h('h1', {}, hosts.join(', ')),
      isJudged(inputs) &&
        h('span', { class: `pill ${verdict}` }, words.length > 0 ? words.join(', ') : 'nothing wrong found'),
    ),
    h('ul', { class: 'inputs' }, ...inputs.map(inputLine)),
  )
}

const KINDS: Readonly<Record<InputKind, string>> = {
  snapshot: 'Snapshot',
  diagnosis: 'Diagnosis',
  profile: 'Profile',
  trace: 'bpf run',
}

function inputLine({ name, kind, takenAt, about }: ReportInput): HTMLElement {
  return h(
    'li',
    {},
    h('span', { class: 'kind' }, KINDS[kind]),
    h('time', { datetime: takenAt }, takenAt === undefined ? '' : utc(takenAt)),
    h('span', { class: 'muted' }, isTime(takenAt) ? `${local(takenAt!)} here` : ''),
    h('span', { class: 'muted' }, about),
    h('span', { class: 'muted file' }, name),
  )
}

function footer({ warnings, madeAt, version, redacted }: ReportData): HTMLElement {
  const told = [...new Map(warnings.map(warning => [warning.message, warning])).values()]
  return h(
    'footer',
    {},
    told.length > 0 &&
      h(
        'details',
        { class: 'more' },
        h('summary', {}, plural(told.length, 'remark'), ' on how complete this is'),
        h(
          'ul',
          { class: 'plain' },
          ...told.map(({ message, hint }) =>
            h('li', {}, message, hint !== undefined && h('span', { class: 'muted' }, ` — ${hint}`)),
          ),
        ),
      ),
    h(
      'p',
      {},
      `Made ${utc(madeAt)} by linsight ${version}. `,
      redacted
        ? 'Names and addresses are pseudonyms. '
        : 'It holds addresses, names and command lines: hand it on with care. ',
      'The recordings are inside: linsight reads this file with --from.',
    ),
  )
}

read()
  .then(show)
  .catch(() => {
    const text = 'This report cannot be shown: it is damaged, cut short or changed. Ask for it again, or make it anew.'
    document.getElementById('page')!.replaceChildren(h('p', { class: 'loading' }, text))
  })
