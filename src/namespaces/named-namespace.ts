import { UsageError } from '../errors.ts'
import type { Libc } from '../libc/libc.ts'
import type { ProcSource } from '../proc/proc-source.ts'
import { didYouMean } from '../terminal/did-you-mean.ts'
import type { NetworkNamespace } from './model.ts'
import { namespaceTitle } from './rules/label.ts'
import { nameText } from './rules/name-text.ts'

/** A namespace that was named, and the source as it is read there. */
export interface ChosenNamespace {
  namespace: NetworkNamespace
  /** Its title where the word is not its very name: which one was meant. */
  remark: string | undefined
  inside: ProcSource
}

/** The namespace that `--netns` names; a usage error says which would have been meant. */
export async function namedNamespace(
  source: ProcSource,
  word: string,
  libc: Libc | undefined,
): Promise<ChosenNamespace> {
  // Loaded where it is asked for: most runs are about one namespace.
  const [{ networkNamespaces }, { chooseNamespace }, { inNamespace, isReadable }] = await Promise.all([
    import('./network-namespaces.ts'),
    import('./rules/choose.ts'),
    import('./inside.ts'),
  ])
  const found = networkNamespaces(source)
  const choice = chooseNamespace(found.namespaces, Buffer.from(word, 'utf8').toString('latin1'))
  if (choice.kind === 'several')
    throw new UsageError(`--netns ${word} names ${choice.namespaces.length} network namespaces`, {
      hint: `say which: ${shortList(choice.namespaces.map(namespace => `${namespace.name} (${titleText(namespace)})`))}`,
    })
  if (choice.kind === 'none')
    throw new UsageError(`there is no network namespace ${word === '' ? 'without a name' : word} here`, {
      hint: didYouMean(
        word,
        choice.known.map(known => nameText(known)),
        `there are ${shortList(found.namespaces.map(titleText))}`,
      ),
    })
  const { namespace } = choice
  if (!isReadable(namespace, libc))
    throw new UsageError(`${namespace.name} (${titleText(namespace)}) cannot be read`, {
      hint: source.isThisMachine
        ? 'no process is in it: that takes root, and the package koffi to enter it'
        : 'the recording does not hold its tables',
    })
  const isItsName = namespace.name === word || namespace.names.some(name => nameText(name) === word)
  return {
    namespace,
    remark: isItsName ? undefined : `${titleText(namespace)}, ${namespace.name}`,
    inside: inNamespace(source, namespace, libc),
  }
}

const titleText = (namespace: NetworkNamespace) => nameText(namespaceTitle(namespace))

const MOST_NAMED = 8

function shortList(items: readonly string[]): string {
  const more = items.length - MOST_NAMED
  return [...items.slice(0, MOST_NAMED), ...(more > 0 ? [`${more} more`] : [])].join('; ')
}
