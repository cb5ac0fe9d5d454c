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
