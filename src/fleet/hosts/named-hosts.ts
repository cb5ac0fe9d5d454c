import { join } from 'node:path'
import { errnoOf, InputError, systemReason, UsageError } from '../../errors.ts'
import { readAtMost } from '../../proc/open-bytes.ts'
import { parseHostFile, type HostFile } from './parse-host-file.ts'
import { MOST_HOSTS, parseHosts } from './parse-hosts.ts'

const MOST_BYTES = 1024 * 1024

/**
 * The names that `--host` and `--hosts-file` stand for. Without `--host` all hosts of the file that are in no group; groups
 * of the file come before those of the user's own.
 */
export function namedHosts(text: string | undefined, file: string | undefined, env: NodeJS.ProcessEnv): string[] {
  const named = file === undefined ? undefined : parseHostFile(textOf(file), file)
  if (text === undefined) {
    const { hosts, groups } = named ?? NONE
    if (hosts.length === 0)
      throw new UsageError(`${file} names no host outside of its groups`, {
        hint:
          groups.size === 0
            ? 'write one a line'
            : `choose with --host: ${[...groups.keys()].map(name => `@${name}`).join(', ')}`,
      })
    return parseHosts(hosts.join(','), groups)
  }
  const own = text.includes('@') ? ownFile(env) : NONE
  return parseHosts(text, new Map([...own.groups, ...(named ?? NONE).groups]))
}

const NONE: HostFile = { hosts: [], groups: new Map() }

function textOf(path: string): string {
  try {
    return readAtMost(path, MOST_BYTES).toString('utf8')
  } catch (error) {
    if (error instanceof InputError) throw error
    throw new InputError(
      errnoOf(error) === 'ENOENT' ? 'input-missing' : 'input-unreadable',
      `the hosts of ${path} could not be read: ${systemReason(error)}`,
      { hint: `give a text with a host on each line, ${MOST_HOSTS} at most`, cause: error },
    )
  }
}

/** Groups of the user: may be absent. */
function ownFile({ XDG_CONFIG_HOME, HOME }: NodeJS.ProcessEnv): HostFile {
  const folder = XDG_CONFIG_HOME?.startsWith('/')
    ? XDG_CONFIG_HOME
    : HOME === undefined
      ? undefined
      : join(HOME, '.config')
  if (folder === undefined) return NONE
  const path = join(folder, 'linsight', 'hosts')
  try {
    return parseHostFile(readAtMost(path, MOST_BYTES).toString('utf8'), path)
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return NONE
    if (error instanceof InputError) throw error
    throw new InputError('input-unreadable', `the hosts of ${path} could not be read: ${systemReason(error)}`, {
      cause: error,
    })
  }
}
