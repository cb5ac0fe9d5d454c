import type { Document, Envelope, Origin, Remarks } from '../../../terminal/json.ts'
import type { PublishedReport } from '../published-port.ts'
import { publishedPortJson, type PublishedPortJson } from './published-json.ts'

/** Document of `mynetstat --published`: the ports of a machine behind which something else answers. */
export interface PublishedDocument extends Envelope, Remarks {
  schema: 'linsight/published/1'
  ports: PublishedPortJson[]
  /** Why ports may be missing that the firewall publishes; empty where all its rules were read. */
  firewallGaps: string[]
}

export function publishedDocument(
  origin: Origin,
  { ports, gaps }: PublishedReport,
): Document<PublishedDocument, 'ports'> {
  return {
    what: 'published',
    origin,
    lists: { ports: ports.map(publishedPortJson) },
    facts: { firewallGaps: gaps.map(({ message }) => message) },
  }
}
