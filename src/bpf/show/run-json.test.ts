import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { headerOf } from '../../../test/support/bpf-run-header.ts'
import { fixture } from '../../../test/support/paths.ts'
import { schemaErrors } from '../../../test/support/schemas.ts'
import { findJob } from '../jobs/catalog.ts'
import type { Dialect } from '../model.ts'
import { followRun } from '../run/session.ts'
import { jsonView, summaryLine } from './run-json.ts'
import { scriptSubject, type BpfSubject } from './subject.ts'

const FOLDER = fixture('bpf/json/')
const OUTPUTS = readdirSync(FOLDER).filter(file => file.endsWith('.out'))
const DIALECTS: Record<string, Dialect> = { '017': 'A', '023': 'B', '027': 'C' }

/** Every line of a run, the last one included. */
function linesOf(subject: BpfSubject, header: Parameters<typeof headerOf>[0], output: readonly string[]) {
  const view = jsonView(subject, { everyInterval: true, top: Infinity, source: 'live' })
  let text = ''
  const session = followRun(headerOf(header), findJob(header.job ?? ''), (event, run) => {
    text += view.event(event, run)
  })
  text += view.event({ type: 'start' }, session)
  session.note({ linsight: 'clock', offsetNs: 0 })
  for (const line of output) session.line(line)
  text += view.end(session) + summaryLine(session, session.warnings())
  return text
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as { type: string })
}

test.each(Object.entries(DIALECTS))('what scripts print with bpftrace 0.%s fits the schema', (version, dialect) => {
  const types = new Set<string>()
  for (const file of OUTPUTS.filter(name => name.endsWith(`.${version}.out`))) {
    const output = readFileSync(`${FOLDER}${file}`, 'latin1').split('\n')
    for (const line of linesOf(scriptSubject(file), { dialect, script: file }, output)) {
      expect(schemaErrors('bpf-run', line), `${file}: ${JSON.stringify(line)}`).toEqual([])
      types.add(line.type)
    }
  }
  expect([...types]).toEqual(expect.arrayContaining(['start', 'text', 'value', 'map', 'histogram', 'stats', 'summary']))
})

test.each([
  ['counts', 'pagefaults', { '@faults': { '7,cat': 12 } }],
  ['stacks', 'profile', { '@stacks': { 'main\n,,7,cat': 3 } }],
])('%s of a job fit the schema', (type, job, map) => {
  const lines = linesOf(findJob(job)!, { job }, [JSON.stringify({ type: 'map', data: map })])
  expect(lines.flatMap(line => schemaErrors('bpf-run', line))).toEqual([])
  expect(lines.map(line => line.type)).toContain(type)
})
