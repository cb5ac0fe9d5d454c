/**
 * /etc/services: `ssh  22/tcp  # comment` → `22/tcp` → `ssh`; the first name of a port counts. Source: services(5).
 */
export function parseServices(text: string): Map<string, string> {
  const services = new Map<string, string>()
  for (const line of text.split('\n')) {
    const match = /^([^\s#]+)\s+(\d+)\/(\w+)/.exec(line)
    if (match && !services.has(`${match[2]}/${match[3]}`)) services.set(`${match[2]}/${match[3]}`, match[1]!)
  }
  return services
}

/** /etc/passwd: `root:x:0:0:…` → 0 → `root`; the first name of an id counts. Source: passwd(5). */
export function parsePasswd(text: string): Map<number, string> {
  const users = new Map<number, string>()
  for (const line of text.split('\n')) {
    const [name, , uid] = line.split(':')
    if (name && uid && /^\d+$/.test(uid) && !users.has(Number(uid))) users.set(Number(uid), name)
  }
  return users
}

/** /etc/hosts: `127.0.0.1 localhost name` → `127.0.0.1` → `localhost`; the first name of an address counts. Source: hosts(5). */
export function parseHosts(text: string): Map<string, string> {
  const hosts = new Map<string, string>()
  for (const { address, names } of hostLines(text)) if (!hosts.has(address)) hosts.set(address, names[0]!)
  return hosts
}

/** Every address that /etc/hosts gives a name; names are blind to case. */
export function parseHostAddresses(text: string, name: string): string[] {
  const asked = name.toLowerCase()
  const found = hostLines(text).filter(({ names }) => names.some(known => known.toLowerCase() === asked))
  return [...new Set(found.map(({ address }) => address))]
}

function hostLines(text: string): { address: string; names: string[] }[] {
  return text.split('\n').flatMap(line => {
    const [address, ...names] = line.replace(/#.*/, '').trim().split(/\s+/)
    return address && names.length > 0 ? [{ address, names }] : []
  })
}

/** /etc/protocols: `icmp  1  ICMP` → 1 → `icmp`. Source: protocols(5). */
export function parseProtocolNames(text: string): Map<number, string> {
  const protocols = new Map<number, string>()
  for (const line of text.split('\n')) {
    const match = /^([^\s#]+)\s+(\d+)\b/.exec(line)
    if (match && !protocols.has(Number(match[2]))) protocols.set(Number(match[2]), match[1]!)
  }
  return protocols
}

/** /etc/networks: `link-local 169.254.0.0` → `169.254.0.0` → `link-local`; missing parts are 0. Source: networks(5). */
export function parseNetworks(text: string): Map<string, string> {
  const networks = new Map<string, string>()
  for (const line of text.split('\n')) {
    const [, name, number] = /^([^\s#]+)\s+(\d+(?:\.\d+){0,3})(?:\s|$)/.exec(line) ?? []
    if (name === undefined || number === undefined) continue
    const address = [...number.split('.'), '0', '0', '0'].slice(0, 4).join('.')
    if (!networks.has(address)) networks.set(address, name)
  }
  return networks
}
