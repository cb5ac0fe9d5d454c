import type { Forwarding, ListensAt } from './forwarder.ts'

/** Letters of ssh(1) and autossh(1) that a value belongs to. */
const WITH_VALUE = new Set('BbcDEeFIiJLlMmOoPpQRSWw')

/**
 * `ssh -L [BIND:]PORT:HOST:HOSTPORT … DESTINATION`: HOST is looked up by the destination, so the address is as that machine
 * sees it. `-D` speaks SOCKS: who asks decides.
 */
export function sshForwarding(program: string, args: readonly string[], { port }: ListensAt): Forwarding | undefined {
  const { options, destination } = sshWords(args)
  for (const { letter, value } of options) {
    if (letter === 'D' && listensAt(value, port)) return { kind: 'unknown', program: 'ssh -D' }
    if (letter !== 'L') continue
    const parts = splitColons(value)
    const toPath = parts.at(-1)?.startsWith('/') ? parts.at(-1) : undefined
    const own = parts.at(toPath === undefined ? -3 : -2)
    if (own !== String(port)) continue
    const through = destination
    if (toPath !== undefined)
      return { kind: 'remote', program: `${program} -L`, address: toPath, port: undefined, through }
    return {
      kind: 'remote',
      program: `${program} -L`,
      address: parts.at(-2)!,
      port: Number(parts.at(-1)) || undefined,
      through,
    }
  }
  return undefined
}

/** `[BIND:]PORT`. */
const listensAt = (value: string, port: number) => splitColons(value).at(-1) === String(port)

/** Colons separate, but not inside the brackets of an IPv6 address; a slash may stand for them. */
function splitColons(text: string): string[] {
  return [...text.matchAll(/(?:\[([^\]]*)\]|([^:[\]]*))(?::|$)/g)]
    .filter(match => match[0] !== '')
    .map(([, bracketed, plain]) => bracketed ?? plain ?? '')
}

/** Options by letter, `-NfL VALUE` and `-LVALUE` alike, and the first word that is none. */
function sshWords(args: readonly string[]): {
  options: { letter: string; value: string }[]
  destination: string | undefined
} {
  const options: { letter: string; value: string }[] = []
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at]!
    if (!word.startsWith('-') || word === '-') return { options, destination: word }
    for (let i = 1; i < word.length; i += 1) {
      const letter = word[i]!
      if (!WITH_VALUE.has(letter)) continue
      const rest = word.slice(i + 1)
      options.push({ letter, value: rest === '' ? (args[(at += 1)] ?? '') : rest })
      break
    }
  }
  return { options, destination: undefined }
}
