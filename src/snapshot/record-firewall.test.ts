import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { procOf } from '../../test/support/fake-proc.ts'
import { fixture } from '../../test/support/paths.ts'
import { emptyEntries } from '../proc/recorded-proc.ts'
import { recordFirewall } from './record-firewall.ts'

const read = (name: string) => readFileSync(fixture(`firewall/${name}`), 'latin1')

async function recorded(files: Record<string, string>, errors: Record<string, string> = {}) {
  const entries = emptyEntries()
  await recordFirewall(procOf({ files, errors }), entries)
  return {
    files: Object.fromEntries([...entries.files].map(([path, bytes]) => [path, bytes.toString('latin1')])),
    errors: Object.fromEntries(entries.errors),
  }
}

test('what the tools printed, byte for byte', async () => {
  const files = {
    'tool/nft.json': read('docker-ufw.nft.json'),
    'tool/iptables-save': read('docker-ufw.iptables-nft-save'),
    'tool/iptables-legacy-save': read('docker-ufw.iptables-legacy-save'),
    'net/ip_tables_names': 'nat\n',
  }
  const { 'net/ip_tables_names': _names, ...tools } = files
  expect(await recorded(files)).toEqual({ files: tools, errors: {} })
})

test('of the flows those whose addresses are changed', async () => {
  const { files } = await recorded({ 'net/nf_conntrack': read('published.nf_conntrack') })
  const lines = files['net/nf_conntrack']!.trimEnd().split('\n')
  expect(lines.map(line => /dport=(\d+)/.exec(line)?.[1])).toEqual(['8080', '9090', '15432', '8080'])
})

test('what is refused is recorded as such, what is not there is left out', async () => {
  expect(await recorded({}, { 'tool/nft.json': 'EPERM', 'net/nf_conntrack': 'EACCES' })).toEqual({
    files: {},
    errors: { 'tool/nft.json': 'EPERM', 'net/nf_conntrack': 'EACCES' },
  })
  expect(await recorded({})).toEqual({ files: {}, errors: {} })
})
