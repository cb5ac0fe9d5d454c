import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { headerOf } from '../../../test/support/bpf-run-header.ts'
import { fixture } from '../../../test/support/paths.ts'
import { emptyEntries } from '../../proc/recorded-proc.ts'
import { parseRecording, type Recording } from './recording.ts'
import { redactRecordings } from './redact-recordings.ts'

const trace = (host: string, ...lines: object[]): Recording => ({
  name: `${host}.ndjson`,
  kind: 'trace',
  bytes: Buffer.from([headerOf({ job: 'tcpretrans', host }), ...lines].map(line => JSON.stringify(line)).join('\n')),
})
const retransmit = (to: string) => ({ type: 'value', data: ['retrans', 1, 7, 1, 80, 5000, 'nginx', '10.9.9.9', to] })

test('one value is called the same in every recording, and by nobody’s name', () => {
  const entries = emptyEntries()
  entries.files.set('7/cmdline', Buffer.from('nginx\0--peer=10.9.9.8\0'))
  entries.files.set('net/sctp/eps', Buffer.from('10.9.9.8'))
  const meta = { host: 'web1.acme.com', users: { 1000: 'alice' }, endian: 'little' } as const
  const diagnosis = parseRecording(
    { kind: 'diagnosis', bytes: readFileSync(fixture('diagnose/log-runaway.diag.json')) },
    'acme.diag.json',
  )
  const shown = redactRecordings([
    { name: 'web1.snap.json', kind: 'snapshot', recorded: { meta, entries } },
    trace('web1.acme.com', retransmit('10.9.9.8')),
    trace('db1', retransmit('10.9.9.8'), { linsight: 'children-left', processes: [{ pid: 1, comm: 'alice' }] }),
    diagnosis,
  ])
  expect(shown.map(({ name }) => name)).toEqual(['snapshot 1', 'trace 2', 'trace 3', 'diagnosis 4'])
  const [snapshot, first, second] = shown as [
    Recording & { kind: 'snapshot' },
    Recording & { kind: 'trace' },
    Recording & { kind: 'trace' },
  ]
  expect(snapshot.recorded.meta).toMatchObject({ host: 'host1.example', users: { 1000: 'user1' }, redacted: true })
  const address = snapshot.recorded.entries.files.get('net/sctp/eps')!.toString()
  expect(address).toMatch(/^10\.0\.0\.\d$/)
  expect(first.bytes.toString()).toContain('"host":"host1.example"')
  expect(second.bytes.toString()).toContain('"host":"host2"')
  expect(second.bytes.toString()).toContain('"comm":"user1"')
  for (const { bytes } of [first, second]) expect(bytes.toString()).toContain(`"${address}"]`)
})
