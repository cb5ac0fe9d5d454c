import { lstatSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { optional } from '../../errors.ts'
import { checkCallerMay } from '../../files/caller-rights.ts'

/** A unix socket has 107 bytes for its path; ssh puts 40 of a digest and 17 of its own behind the folder. */
const LONGEST_FOLDER = 107 - 1 - 40 - 17

/**
 * The pattern of the sockets through which connections are shared, in a folder that is this user's alone; undefined where
 * there is none: each call then connects anew.
 */
export function controlPath(env: NodeJS.ProcessEnv, uid: number): string | undefined {
  const runtime = env['XDG_RUNTIME_DIR']
  const around = runtime?.startsWith('/') ? runtime : tmpdir()
  const folder = join(around, runtime === around ? 'linsight' : `linsight-ssh-${uid}`)
  // A `%` would be a token of ssh, a blank the end of the value.
  if (folder.length > LONGEST_FOLDER || !/^[\w./-]+$/.test(folder)) return undefined
  optional(() => {
    checkCallerMay(around, 'write')
    mkdirSync(folder, { mode: 0o700 })
  })
  const stats = optional(() => lstatSync(folder))
  return stats?.isDirectory() && stats.uid === uid && (stats.mode & 0o077) === 0 ? join(folder, '%C') : undefined
}
