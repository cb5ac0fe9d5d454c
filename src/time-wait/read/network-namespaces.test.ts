import { describe, expect, test } from 'vitest'
import { procOf } from '../../../test/support/fake-proc.ts'
import { clients, recordedParts } from '../../../test/support/time-wait-recording.ts'
import { namespaceReports } from './network-namespaces.ts'

const { files } = recordedParts({ rows: clients(30) })
const under = (pid: number, parts: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(parts).flatMap(([path, text]) => (path.startsWith('net/') ? [[`${pid}/${path}`, text]] : [])),
  )
const quietFiles = recordedParts({}).files

describe('a recording with processes', () => {
  const source = procOf({
    files: {
      ...files,
      ...under(70, files),
      ...under(80, quietFiles),
      '10/comm': 'kworker/0:0H\n',
      '10/cmdline': '',
      '1/cmdline': '/sbin/init\0',
      '70/cmdline': '/usr/bin/web\0-d\0',
      '80/cmdline': 'idle\0',
      'self/mountinfo': '90 28 0:4 net:[7] /run/netns/blue rw - nsfs nsfs rw\n',
    },
    links: { '10/ns/net': 'net:[1]', '1/ns/net': 'net:[1]', '70/ns/net': 'net:[7]', '80/ns/net': 'net:[8]' },
    meta: { netns: 'net:[1]' },
  })
  const { busy, quiet } = namespaceReports(source, {})

  test('its own first, by the name that tells most; those without TIME_WAIT are counted', () => {
    expect(busy.map(({ label, netns }) => [label, netns])).toEqual([
      ['first network namespace, init (pid 1)', 'net:[1]'],
      ['blue, web (pid 70)', 'net:[7]'],
    ])
    expect(quiet).toBe(1)
  })

  test('settings are those of its own namespace, and of no other', () => {
    expect(busy.map(({ report }) => report.capacity?.ports)).toEqual([28232, undefined])
  })
})

test('a recording without processes is one of one namespace', () => {
  const { busy, quiet } = namespaceReports(procOf({ files }), {})
  expect(busy).toMatchObject([{ netns: 'not recorded', pid: undefined, report: { totals: { timeWait: 30 } } }])
  expect(quiet).toBe(0)
  expect(namespaceReports(procOf({ files: quietFiles }), {})).toMatchObject({ busy: [], quiet: 1 })
})

test('tables that could not be read are not quiet', () => {
  const { 'net/tcp': _, ...rest } = files
  expect(namespaceReports(procOf({ files: rest }), {}).busy).toHaveLength(1)
})
