import { readFileSync } from 'node:fs'
import { delimiter, isAbsolute } from 'node:path'
import { optional } from '../../../errors.ts'
import { mountView, parseMountinfo, type MountView } from './mountinfo.ts'

/**
 * Leaves the current folder where that stands on a filesystem that may not answer (a child of ours would ask it), and
 * takes folders out of PATH that do: who looks for a tool asks every one in turn.
 */
export function standOnFirmGround(): void {
  const mounts = optional(() => parseMountinfo(readFileSync('/proc/self/mountinfo')))
  if (mounts === undefined) return
  const view = mountView(mounts, { ownRoot: mounts.find(({ path }) => path === '/')?.device })
  process.env['PATH'] = answeringPath(view, process.env['PATH'] ?? '')
  const here = optional(() => process.cwd())
  if (here === undefined || !view.reachesPath(here)) process.chdir('/')
}

/** A PATH without the folders that may not answer. */
export const answeringPath = (view: MountView, path: string): string =>
  path
    .split(delimiter)
    .filter(folder => !isAbsolute(folder) || view.reachesPath(folder))
    .join(delimiter)
