import { expect, test } from 'vitest'
import { procOf } from '../../../test/support/fake-proc.ts'
import { liveWords } from './live-words.ts'

const ID = 'ab12'.repeat(16)
const row = (port: string, state: string) =>
  `   0: 00000000:${port} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0\n`
const HEAD = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n'

const source = procOf({
  files: {
    '1/comm': 'systemd\n',
    '1/cgroup': '0::/init.scope\n',
    '7/comm': 'nginx\n',
    '7/cgroup': '0::/system.slice/nginx.service\n',
    '8/comm': 'nginx\n',
    '8/cgroup': `0::/docker/${ID}\n`,
    '9/comm': '$(touch x)\n',
    '10/comm': '-rf\n',
    '11/comm': 'a\tb\n',
    '12/comm': '\x1b[2J\n',
    'self/mountinfo': '90 28 0:4 net:[5] /run/netns/blue rw\n91 28 0:4 net:[6] /run/netns/$(id) rw\n',
    'net/tcp': HEAD + row('0016', '0A') + row('1F90', '0A') + row('D431', '01'),
    'net/udp': HEAD + row('0035', '07'),
  },
})

test.each([
  ['programs', '', [['systemd'], ['nginx']]],
  ['programs', 'ng', [['nginx']]],
  ['pids', '1', [['1', 'systemd'], ['10'], ['11'], ['12']]],
  ['pids', '9', [['9']]],
  ['units', '', [['nginx.service']]],
  ['containers', 'ab', [[ID.slice(0, 12), 'nginx']]],
  ['containers', 'zz', []],
  ['namespaces', '', [['blue'], [ID.slice(0, 12), 'nginx']]],
  ['ports', '', [['22'], ['53'], ['8080']]],
  ['ports', '8', [['8080']]],
  ['port-filters', ':2', [[':22']]],
] as const)('%s %j', (kind, prefix, words) => {
  const found = liveWords(kind, prefix, source)
  expect(found).toHaveLength(words.length)
  expect(found).toEqual(expect.arrayContaining([...words]))
})

test('nothing where nothing can be read', () => {
  expect(liveWords('ports', '', procOf({ files: {} }))).toEqual([])
})
