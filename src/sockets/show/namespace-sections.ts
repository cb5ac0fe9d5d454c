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
  // A published port that has no socket is one of the reader's own namespace.
  const own = namespaces.find(({ isOwn }) => isOwn)
  const byNamespace = groupBy(sockets, socket => socket.netns?.namespace ?? own)
  for (const namespace of namespaces) {
    const shown = byNamespace.get(namespace)
    if (shown === undefined) continue
    const title = `== ${escapeBytes(namespaceTitle(namespace))}, ${namespace.name}`
    yield `${wrap(title, width, 3)
      .split('\n')
      .map(line => theme.heading(line))
      .join('\n')}\n`
    yield* table(shown)
    yield '\n'
  }
  const empty = namespaces.filter(namespace => !byNamespace.has(namespace)).length
  yield `${empty} ${byNamespace.size > 0 ? 'other ' : ''}network namespace${empty === 1 ? '' : 's'} without such a socket\n`
}
