import { addressNumber, holdsAddress, matchesName } from '../../../firewall/index.ts'
import type { Chain, Condition } from '../../../firewall/model.ts'

/** What rules can tell of an address or an interface: those with the same text get the same answers. */
export interface Signatures {
  ofAddress(address: string): string
  ofInterface(name: string): string
}

/** A host of a cluster has thousands of rules and dozens of addresses, of which hardly any rule names one. */
export function signaturesOf(chains: readonly Chain[]): Signatures {
  const conditions = chains.flatMap(({ rules }) => rules.flatMap(rule => rule.conditions))
  const names = new Set(conditions.flatMap(condition => (condition.on === 'in-interface' ? condition.names : [])))
  const devices = new Set(chains.flatMap(({ base }) => base?.devices ?? []))
  const destinations = conditions.filter(isDestination)
  return {
    ofAddress(address) {
      const found = addressNumber(address)
      if (found === undefined) return address
      return destinations
        .flatMap(({ ranges }, at) => (holdsAddress(ranges, found.family, found.number) ? [at] : []))
        .join(',')
    },
    ofInterface: name =>
      JSON.stringify([[...names].filter(wanted => matchesName(wanted, name)), devices.has(name) ? name : '']),
  }
}

type Destination = Extract<Condition, { on: 'source' | 'destination' }>

const isDestination = (condition: Condition): condition is Destination => condition.on === 'destination'
