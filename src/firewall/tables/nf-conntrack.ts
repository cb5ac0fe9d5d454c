/** One end-to-end direction of a flow. Ports are undefined where the protocol has none. */
export interface FlowEnd {
  source: string
  destination: string
  sourcePort: number | undefined
  destinationPort: number | undefined
}

/** A connection that netfilter keeps track of. */
export interface ConntrackFlow {
  /** `tcp`, `udp`, `icmp` …; byte string. */
  protocol: string
  /** `ESTABLISHED`, … of TCP, DCCP and SCTP. */
  state: string | undefined
  /** As the first packet was. */
  original: FlowEnd
  /** As answers come. */
  reply: FlowEnd
  /** No answer was seen yet. */
  unreplied: boolean
}

/**
 * /proc/net/nf_conntrack and what `conntrack -L` prints, which lacks the first two columns:
 *
 *     ipv4 2 tcp 6 431998 ESTABLISHED src=192.0.2.99 dst=192.0.2.1 sport=40556 dport=8080 src=172.18.0.2 dst=192.0.2.99 sport=80 dport=40556 [ASSURED] mark=0 zone=0 use=2
 *
 * Source: Linux net/netfilter/nf_conntrack_standalone.c, ct_seq_show. Accounting (`packets= bytes=`), marks and zones are
 * passed over; a line of another form is left out and counted.
 */
export function parseNfConntrack(bytes: Buffer): { flows: ConntrackFlow[]; bogus: number } {
  const flows: ConntrackFlow[] = []
  let bogus = 0
  for (const line of bytes.toString('latin1').split('\n')) {
    if (line === '') continue
    const flow = parseFlow(line)
    if (flow === undefined) bogus += 1
    else flows.push(flow)
  }
  return { flows, bogus }
}

const HEAD = /^(?:ipv[46] +\d+ +)?(\S+) +\d+ (?:\d+ )?(?:([A-Z][A-Z0-9_]*) )?(?=src=)/
const ENDS = /\b(src|dst|sport|dport)=(\S+)/g

function parseFlow(line: string): ConntrackFlow | undefined {
  // `conntrack -L` pads with blanks and so does the kernel.
  const head = HEAD.exec(line.replace(/ +/g, ' '))
  if (head === null) return undefined
  const ends: Partial<Record<string, string>>[] = []
  for (const [, key = '', value = ''] of line.matchAll(ENDS)) {
    if (key === 'src') ends.push({})
    const end = ends.at(-1)
    if (end !== undefined) end[key] ??= value
  }
  const [original, reply] = ends.map(flowEnd)
  if (original === undefined || reply === undefined || ends.length !== 2) return undefined
  return { protocol: head[1]!, state: head[2], original, reply, unreplied: line.includes('[UNREPLIED]') }
}

function flowEnd({ src, dst, sport, dport }: Partial<Record<string, string>>): FlowEnd | undefined {
  if (src === undefined || dst === undefined) return undefined
  const [sourcePort, destinationPort] = [portOf(sport), portOf(dport)]
  if (Number.isNaN(sourcePort) || Number.isNaN(destinationPort)) return undefined
  return { source: src, destination: dst, sourcePort, destinationPort }
}

/** NaN where the text is no port. */
function portOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  return /^\d{1,5}$/.test(text) && Number(text) <= 65_535 ? Number(text) : Number.NaN
}

/** Answers do not come from where the first packet went: its destination was changed on the way. */
export function isDestinationTranslated({ original, reply }: ConntrackFlow): boolean {
  return original.destination !== reply.source || original.destinationPort !== reply.sourcePort
}

/** Answers are not the first packet turned round: an address or a port of one of the ends was changed. */
export function isTranslated(flow: ConntrackFlow): boolean {
  const { original, reply } = flow
  const isSource = original.source !== reply.destination || original.sourcePort !== reply.destinationPort
  return isSource || isDestinationTranslated(flow)
}
