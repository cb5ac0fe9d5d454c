import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { fixture } from '../../../../test/support/paths.ts'
import { parseIptablesSave } from '../../../firewall/tables/iptables-save.ts'
import { parseNftRuleset } from '../../../firewall/tables/nft-ruleset.ts'
import { signaturesOf } from './signatures.ts'

const read = (name: string) => readFileSync(fixture(`firewall/${name}`), 'latin1')
const docker = signaturesOf(parseIptablesSave(read('docker-ufw.iptables-nft-save'), 'ip').chains)
const zoo = signaturesOf(parseNftRuleset(read('nft-zoo.json'))!.chains)

test.each([
  ['192.0.2.1', '192.0.2.2', true],
  ['172.17.0.2', '192.0.2.1', false],
  ['127.0.0.1', '127.0.0.2', true],
  ['127.0.0.1', '192.0.2.1', false],
])('%s and %s are alike for the rules: %s', (one, other, alike) => {
  expect(docker.ofAddress(one) === docker.ofAddress(other)).toBe(alike)
})

test.each([
  ['eth0', 'eth1', false],
  ['eth1', 'wlan0', true],
  ['docker0', 'docker1', true],
  ['docker0', 'eth1', false],
])('%s and %s are alike: %s', (one, other, alike) => {
  expect(zoo.ofInterface(one) === zoo.ofInterface(other)).toBe(alike)
})
