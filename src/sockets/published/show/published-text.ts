import { programName } from '../../../processes/process-facts.ts'
import type { Owner } from '../../../processes/owner.ts'
import { escapeBytes, quoted } from '../../../terminal/escape.ts'
import type { PublishedAnswer, PublishedEvidence, PublishedPort, SocketPublishing } from '../published-port.ts'

const word = (bytes: string) => quoted(escapeBytes(bytes))

/** Where a socket's port leads, then through which ports of the machine it is reached; empty where neither is known. */
export function publishingText({ to, from }: SocketPublishing): string {
  const arrow = ({ unfollowed }: PublishedPort['to']) => (unfollowed === undefined ? '→ ' : '')
  return [...to.map(port => arrow(port.to) + targetText(port)), ...from.map(sourceText)].join('; ')
}

/** `172.18.0.2:80, nginx pid 36 (pid 1 inside) in web`. */
export function targetText(port: PublishedPort): string {
  const { to, answers } = port
  if (to.unfollowed !== undefined) return `${to.unfollowed} (${evidenceText(port)})`
  const place = placeText(port)
  if (to.through !== undefined || to.path !== undefined) return place
  const namespaces = new Set(answers.map(({ namespace }) => namespace.netns))
  if (namespaces.size === 0)
    return to.address === undefined ? `${place}, not found here` : `${place}, an address of no namespace seen here`
  const texts = answers.map(answer => answerText(answer, to.isSelf === true))
  const several = namespaces.size > 1 ? ` is in ${namespaces.size} namespaces: ` : ', '
  return `${place}${several}${texts.join(namespaces.size > 1 ? ' or ' : ', ')}`
}

function placeText({ to, ports }: PublishedPort): string {
  const through = to.through === undefined ? '' : ` as ${word(to.through)} sees it`
  if (to.path !== undefined) return `${word(to.path)}${through}`
  const last =
    to.port !== undefined && ports !== undefined && ports[1] > ports[0] ? `-${to.port + ports[1] - ports[0]}` : ''
  const number = to.port === undefined ? 'a port that is not told' : `${to.port}${last}`
  if (to.address === undefined) return to.port === undefined ? number : `port ${number}`
  const address = to.address.includes(':') ? `[${word(to.address)}]` : word(to.address)
  return to.port === undefined ? `${address}, ${number}${through}` : `${address}:${number}${through}`
}

function answerText({ namespace, listener }: PublishedAnswer, isSelf: boolean): string {
  const place = isSelf ? '' : ` in ${word(namespace.label)}`
  if (listener === undefined) return isSelf ? 'where nothing listens' : `nobody listening on it${place}`
  if (listener.owners.length === 0) return `listener without a visible owner${place}`
  return `${listener.owners.map(ownerText).join(', ')}${place}`
}

/** `nginx pid 36 (pid 1 inside)`. */
function ownerText({ process }: Owner): string {
  const inside = (process.namespacePids?.length ?? 0) > 1 ? process.namespacePids!.at(-1) : undefined
  return `${word(programName(process) || '-')} pid ${process.pid}${inside === undefined ? '' : ` (pid ${inside} inside)`}`
}

/** `← *:8080 by nft`. */
function sourceText(port: PublishedPort): string {
  return `← ${publishedPlace(port)} by ${evidenceText(port)}`
}

/** `*:8080`, `192.0.2.1:5000-5010`. */
export function publishedPlace({ address, ports }: PublishedPort): string {
  const host = address === undefined ? '*' : address.includes(':') ? `[${address}]` : address
  return `${host}:${portsText(ports)}`
}

export function portsText(ports: PublishedPort['ports']): string {
  if (ports === undefined) return '*'
  return ports[0] === ports[1] ? String(ports[0]) : `${ports[0]}-${ports[1]}`
}

/** What speaks for it, the strongest first: `docker-proxy pid 41, nft`. */
export function evidenceText({ evidence }: PublishedPort): string {
  return [...new Set(evidence.map(oneText))].join(', ')
}

function oneText({ kind, by, pid }: PublishedEvidence): string {
  if (kind === 'flow') return 'a flow seen'
  return pid === undefined ? by : `${word(by)} pid ${pid}`
}
