import { groupBy } from '../../group-by.ts'
import { namespaceTitle } from '../../namespaces/rules/label.ts'
import { escapeBytes } from '../../terminal/escape.ts'
import type { Theme } from '../../terminal/theme.ts'
import { wrap } from '../../terminal/wrap.ts'
import type { Socket, SocketReport } from '../model.ts'

/** The table of every network namespace that has sockets to show, below what it is called; the others are counted. */
export function* namespaceSections(
  { sockets, namespaces = [] }: Pick<SocketReport, 'sockets' | 'namespaces'>,
  table: (sockets: readonly Socket[]) => Iterable<string>,
  theme: Theme,
  width: number,
): Generator<string> {
  const byNamespace = groupBy(sockets, socket => socket.netns?.namespace)
  for (const namespace of namespaces) {
    const own = byNamespace.get(namespace)
    if (own === undefined) continue
    const title = `== ${escapeBytes(namespaceTitle(namespace))}, ${namespace.name}`
    yield `${wrap(title, width, 3)
      .split('\n')
      .map(line => theme.heading(line))
      .join('\n')}\n`
    yield* table(own)
    yield '\n'
  }
  const empty = namespaces.filter(namespace => !byNamespace.has(namespace)).length
  yield `${empty} ${byNamespace.size > 0 ? 'other ' : ''}network namespace${empty === 1 ? '' : 's'} without such a socket\n`
}
