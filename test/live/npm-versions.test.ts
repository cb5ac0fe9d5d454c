// The tarball as npm 10, 11 and 12 install it, each with the Node it comes with, and with their own view of scripts.
import { existsSync, realpathSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { ROOT, ZOO } from '../support/paths.ts'
import { needs } from '../support/needs.ts'
import { run } from '../support/run.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const CACHE = join(ROOT, 'node_modules/.cache')
const nodeOf = (major: string) =>
  join(CACHE, `nodes/${major}/node_modules/node-${process.platform}-${process.arch}/bin/node`)
const npmOf = (major: string) => join(CACHE, `npms/${major}/node_modules/npm/bin/npm-cli.js`)
/** npm → Node. */
const PAIRS = { 10: '20', 11: '22', 12: '24' }

const versions = needs({
  need: 'npm 10, 11 and 12',
  isMet: () => Object.entries(PAIRS).every(([npm, node]) => existsSync(npmOf(npm)) && existsSync(nodeOf(node))),
  remedy: 'node scripts/install-nodes.mjs',
})

/** npm keeps its own state in variables that would reach the npm we start. */
const noState = Object.fromEntries(
  Object.keys(process.env).flatMap(name => (/^npm_/i.test(name) ? [[name, undefined]] : [])),
)

describe('the tarball', versions, () => {
  let folder: string
  let tarball: string
  beforeAll(() => {
    folder = temporaryFolder()
    const { stdout } = run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
      cwd: ROOT,
      env: noState,
    })
    tarball = join(folder, (JSON.parse(stdout) as [{ filename: string }])[0].filename)
  })

  test.each(Object.entries(PAIRS))(
    'npm %s with Node %s installs it, and runs none of its scripts',
    (npm, major) => {
      const prefix = join(folder, `with-${npm}`)
      const env = { ...noState, PATH: `${dirname(nodeOf(major))}${delimiter}${process.env['PATH']}` }
      const installed = run(
        nodeOf(major),
        [
          npmOf(npm),
          'install',
          '--global',
          '--prefer-offline',
          '--no-audit',
          '--no-fund',
          '--loglevel=warn',
          '--prefix',
          prefix,
          tarball,
        ],
        { cwd: folder, env, timeoutMs: 120_000 },
      )
      expect(installed.status, installed.stderr).toBe(0)
      // npm 12 names packages whose scripts it did not run; ours has one for its development alone (prepare).
      expect(installed.stderr + installed.stdout).not.toMatch(/linsight@\S+ \((pre|post)?install/)
      const bin = (name: string) => join(prefix, 'bin', name)
      expect(run(bin('linsight'), ['--version'], { cwd: folder, env }).stdout).toContain(`node-v${major}.`)
      expect(run(bin('mynetstat'), ['-ntl', '--from', ZOO], { cwd: folder, env }).stdout).toContain('127.0.0.1:10050')
      // npm 12 no longer puts pages where man looks.
      if (npm === '12') return
      const page = join(prefix, 'share/man/man1/mynetstat.1')
      expect(realpathSync(page)).toBe(realpathSync(join(prefix, 'lib/node_modules/linsight/dist/man/mynetstat.1')))
    },
    150_000,
  )
})
