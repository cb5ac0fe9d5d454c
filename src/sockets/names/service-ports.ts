import { parseServices } from './etc-files.ts'
import { readNameFile } from './name-service.ts'

/** Ports of a service by name, of these protocols. /etc/services is read when the first name is met. */
export function servicePorts(protocols: readonly string[]): (name: string) => readonly number[] {
  let ports: Map<string, Set<number>> | undefined
  return name => {
    ports ??= portsByName(protocols)
    return [...(ports.get(name) ?? [])]
  }
}

function portsByName(protocols: readonly string[]): Map<string, Set<number>> {
  const ports = new Map<string, Set<number>>()
  for (const [key, name] of parseServices(readNameFile('services'))) {
    const [port, protocol] = key.split('/')
    if (!protocols.includes(protocol!)) continue
    ports.set(name, (ports.get(name) ?? new Set()).add(Number(port)))
  }
  return ports
}
