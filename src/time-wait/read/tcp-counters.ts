import type { TcpCounters } from '../model.ts'
import { parseCounters } from '../../proc/net/counters.ts'

/** The counters of a network namespace that tell of TIME_WAIT, from net/netstat and net/snmp. */
export function readTcpCounters(read: (path: string) => Buffer | undefined): TcpCounters {
  const netstat = read('net/netstat')
  const snmp = read('net/snmp')
  const ext = netstat && parseCounters(netstat).get('TcpExt')
  const tcp = snmp && parseCounters(snmp).get('Tcp')
  return {
    born: ext?.get('TW'),
    bornShort: ext?.get('TWKilled'),
    recycled: ext?.get('TWRecycled'),
    overflowed: ext?.get('TCPTimeWaitOverflow'),
    pawsTimeWait: ext?.get('PAWSTimewait'),
    pawsEstablished: ext?.get('PAWSEstab'),
    abortOnData: ext?.get('TCPAbortOnData'),
    listenOverflows: ext?.get('ListenOverflows'),
    listenDrops: ext?.get('ListenDrops'),
    activeOpens: tcp?.get('ActiveOpens'),
    passiveOpens: tcp?.get('PassiveOpens'),
  }
}
