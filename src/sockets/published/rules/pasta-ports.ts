/**
 * Which port of the namespace a port of the host leads to, by a value of `pasta -t` or `-u`; undefined where it does not
 * take it. Source: passt(1): `none`, `all`, `auto`, or `[ADDRESS[%INTERFACE]/]PORTS` with PORTS
 * `FIRST[-LAST][:TO[-TO]],~EXCLUDED,…`.
 */
export function pastaPort(spec: string, port: number): number | undefined {
  if (spec === 'all' || spec === 'auto') return port
  const pieces = spec.slice(spec.lastIndexOf('/') + 1).split(',')
  const excluded = pieces.filter(piece => piece.startsWith('~')).map(piece => rangeOf(piece.slice(1)))
  if (excluded.some(range => range !== undefined && isWithin(port, range))) return undefined
  const taken = pieces.filter(piece => !piece.startsWith('~'))
  for (const piece of taken) {
    const [from = '', to] = piece.split(':')
    const range = rangeOf(from)
    if (range === undefined || !isWithin(port, range)) continue
    const target = to === undefined ? range : rangeOf(to)
    return target && target[0] + port - range[0]
  }
  // Only what is left out was given: all else is taken.
  return taken.length === 0 ? port : undefined
}

type Range = readonly [first: number, last: number]

const isWithin = (port: number, [first, last]: Range) => first <= port && port <= last

function rangeOf(text: string): Range | undefined {
  const [, first, last = first] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text) ?? []
  return first === undefined ? undefined : [Number(first), Number(last)]
}
