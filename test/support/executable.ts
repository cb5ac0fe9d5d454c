import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './paths.ts'

const FOLDER = join(ROOT, 'node_modules/.cache/linsight-executable')
const BUILT_FROM = ['dist', 'bin', 'scripts', 'package.json']

/** The executable, built where it is not what the sources now make. The tests of the projects that use it run one by one. */
export function builtExecutable(): { folder: string; linsight: string } {
  const stamp = join(FOLDER, 'built-from')
  const hash = createHash('sha256')
  for (const name of BUILT_FROM) {
    const entries = name.endsWith('.json') ? [name] : readdirSync(join(ROOT, name)).map(entry => join(name, entry))
    for (const file of entries.filter(file => /\.(c?js|mjs|json|txt)$/.test(file)))
      hash.update(file).update(readFileSync(join(ROOT, file)))
  }
  const now = hash.digest('hex')
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== now) {
    const { status, stderr } = spawnSync(
      process.execPath,
      [join(ROOT, 'scripts/build-executable.mjs'), '--out', FOLDER],
      { encoding: 'utf8' },
    )
    if (status !== 0) throw new Error(`the executable was not built: ${stderr}`)
    writeFileSync(stamp, now)
  }
  return { folder: FOLDER, linsight: join(FOLDER, 'linsight') }
}

/** The Node that the executable is built from, which is there once it was built. */
export const baseNode = (): string =>
  join(ROOT, `node_modules/.cache/nodes/24/node_modules/node-${process.platform}-${process.arch}/bin/node`)
