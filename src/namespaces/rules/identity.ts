import type { NamespaceIdentity } from '../model.ts'

/**
 * Whether two readings, perhaps at different times of one boot, are of one namespace. Undefined where that is not known:
 * the number may have been given to a new one, and its processes may have been replaced.
 */
export function sameNamespace(a: NamespaceIdentity, b: NamespaceIdentity): boolean | undefined {
  if (a.cookie !== undefined && b.cookie !== undefined) return a.cookie === b.cookie
  if (a.inode === undefined || b.inode === undefined) return undefined
  if (a.inode !== b.inode) return false
  if (a.oldestStart === undefined || b.oldestStart === undefined) return undefined
  return a.oldestStart === b.oldestStart ? true : undefined
}
