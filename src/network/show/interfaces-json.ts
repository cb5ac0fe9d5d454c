import { interfaceFlagNames } from '../meanings/interface-flags.ts'
import { escapeBytes } from '../../terminal/escape.ts'
import type { Document, Envelope, Origin, Remarks } from '../../terminal/json.ts'
import type { DeviceCounters, InterfaceAddress, InterfacesReport, NetworkInterface } from '../model.ts'
import { exactCount, type ExactCount } from './exact-count.ts'

/** Document of `mynetstat -i`: every interface, also those that are down. */
export interface InterfacesDocument extends Envelope, Remarks {
  schema: 'linsight/interfaces/1'
  interfaces: InterfaceJson[]
}

export interface InterfaceJson {
  name: string
  index?: number | undefined
  mtuBytes?: number | undefined
  /** UP, BROADCAST, RUNNING …; absent where they are not known. */
  flags?: string[] | undefined
  /** up, down, unknown, lowerlayerdown … */
  state?: string | undefined
  hardwareAddress?: string | undefined
  txQueuePackets?: number | undefined
  /** IPv4 addresses only where ip(8) could be asked: /proc does not list them by interface. */
  addresses: InterfaceAddress[]
  /** Columns of net/dev. */
  received?: TrafficJson | undefined
  sent?: TrafficJson | undefined
  /** What net/dev adds up, by the names of /sys/class/net/…/statistics. */
  details?: Record<string, ExactCount> | undefined
}

export interface TrafficJson {
  bytes?: ExactCount | undefined
  packets?: ExactCount | undefined
  errors?: ExactCount | undefined
  dropped?: ExactCount | undefined
  /** Overruns of a queue of the hardware. */
  fifo?: ExactCount | undefined
  /** Received: broken frames. */
  frame?: ExactCount | undefined
  compressed?: ExactCount | undefined
  /** Received. */
  multicast?: ExactCount | undefined
  /** Sent. */
  collisions?: ExactCount | undefined
  /** Sent: failed on the wire. */
  carrier?: ExactCount | undefined
}

/** The document `linsight/interfaces/1`. */
export function interfacesDocument(
  origin: Origin,
  { interfaces }: InterfacesReport,
): Document<InterfacesDocument, 'interfaces'> {
  return { what: 'interfaces', origin, lists: { interfaces: interfaces.map(interfaceJson) }, facts: {} }
}

function interfaceJson({ name, facts, addresses, counters }: NetworkInterface): InterfaceJson {
  return {
    name: escapeBytes(name),
    index: facts?.index,
    mtuBytes: facts?.mtu,
    flags: facts && interfaceFlagNames(facts.flags),
    state: facts && escapeBytes(facts.operState),
    hardwareAddress: facts && escapeBytes(facts.hardwareAddress),
    txQueuePackets: facts?.txQueueLength,
    addresses,
    received: counters && trafficJson(counters.rx),
    sent: counters && trafficJson(counters.tx),
    details:
      facts === undefined || facts.details.size === 0
        ? undefined
        : Object.fromEntries([...facts.details].map(([key, value]) => [key, exactCount(value)])),
  }
}

function trafficJson(side: Partial<DeviceCounters['rx'] & DeviceCounters['tx']>): TrafficJson {
  const count = (value: bigint | undefined) => (value === undefined ? undefined : exactCount(value))
  return {
    bytes: count(side.bytes),
    packets: count(side.packets),
    errors: count(side.errs),
    dropped: count(side.drop),
    fifo: count(side.fifo),
    frame: count(side.frame),
    compressed: count(side.compressed),
    multicast: count(side.multicast),
    collisions: count(side.colls),
    carrier: count(side.carrier),
  }
}
