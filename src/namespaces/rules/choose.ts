import type { NetworkNamespace } from '../model.ts'
import { shortContainer } from './label.ts'

/** Which namespace a word names. */
export type Choice =
  | { kind: 'one'; namespace: NetworkNamespace }
  /** Several, each with what it is called by. */
  | { kind: 'several'; namespaces: readonly NetworkNamespace[] }
  | { kind: 'none'; known: readonly string[] }

type Test = (namespace: NetworkNamespace, word: string) => boolean

/** What a word may be, exactly. Texts are byte strings. */
const EXACT: readonly Test[] = [
  ({ name }, word) => name === word,
  ({ names }, word) => names.includes(word),
  ({ holders }, word) => PID.test(word) && holders.processes.includes(Number(word)),
  ({ container }, word) => container === word,
  ({ pod }, word) => pod === word,
  ({ podName }, word) => podName !== undefined && (podName === word || podName.endsWith(`/${word}`)),
  ({ unit }, word) => unit !== undefined && (unit === word || unit === `${word}.service`),
  ({ label }, word) => label === word,
]

/** What it may be where none is called so. */
const LOOSE: readonly (readonly Test[])[] = [
  [({ inode }, word) => inode === word, ({ program }, word) => program === word],
  [
    ({ container }, word) => BEGINNING.test(word) && container?.startsWith(word) === true,
    ({ pod }, word) => BEGINNING.test(word) && pod?.startsWith(word) === true,
  ],
]

const PID = /^[1-9]\d{0,6}$/

/** The beginning of an id: two digits are no name of anything. */
const BEGINNING = /^[0-9a-f-]{3,}$/

/**
 * The namespace that `word` names: `net:[N]`, a name of ip-netns(8), the pid of a process in it, a container, a pod or a
 * unit; else the number alone, a program, or the beginning of an id. Never one of several.
 */
export function chooseNamespace(namespaces: readonly NetworkNamespace[], word: string): Choice {
  for (const tests of [EXACT, ...LOOSE]) {
    const found = namespaces.filter(namespace => tests.some(test => test(namespace, word)))
    if (found.length === 1) return { kind: 'one', namespace: found[0]! }
    if (found.length > 1) return { kind: 'several', namespaces: found }
  }
  return { kind: 'none', known: knownWords(namespaces) }
}

/** Words that would have named one. */
function knownWords(namespaces: readonly NetworkNamespace[]): string[] {
  const words = namespaces.flatMap(({ names, container, pod, podName, unit, program, name }) => [
    ...names,
    ...[container && shortContainer(container), podName ?? pod, unit, program, name].filter(word => word !== undefined),
  ])
  return [...new Set(words)].filter(word => word !== '')
}
