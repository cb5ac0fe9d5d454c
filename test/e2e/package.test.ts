import { execFileSync } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { ROOT, ZOO } from '../support/paths.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const { bin, version } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')) as {
  bin: Record<string, string>
  version: string
}

/** npm keeps its own state in variables that would reach the npm we start. */
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)))

describe('the tarball of npm pack', () => {
  let folder: string
  beforeAll(() => {
    folder = temporaryFolder()
    execFileSync('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: ROOT, env, stdio: 'ignore' })
    const tarball = readdirSync(folder).find(name => name.endsWith('.tgz'))!
    execFileSync(
      'npm',
      ['install', '--global', '--offline', '--prefix', join(folder, 'prefix'), join(folder, tarball)],
      { cwd: folder, env, stdio: 'ignore' },
    )
  })

  test.each(Object.keys(bin))('%s is on the PATH and starts', name => {
    const output = execFileSync(join(folder, 'prefix/bin', name), ['--version'], { encoding: 'utf8', env })
    expect(output).toContain(`linsight/${version} `)
  })

  test('reads a recording', () => {
    const output = execFileSync(join(folder, 'prefix/bin/mynetstat'), ['-ntl', '--from', ZOO], {
      encoding: 'utf8',
      env,
    })
    expect(output).toContain('127.0.0.1:10050')
  })

  test('holds no sources, tests or packages but the one it may do without', () => {
    const installed = join(folder, 'prefix/lib/node_modules/linsight')
    const pages = ['CHANGELOG.md', 'CONTRIBUTING.md', 'LICENSE', 'README.md', 'SECURITY.md']
    const files = [...pages, 'bin', 'dist', 'docs', 'fixtures', 'package.json', 'schemas', 'scripts']
    const packages = readdirSync(installed).filter(name => name === 'node_modules')
    expect(readdirSync(installed).sort()).toEqual([...files, ...packages].sort())
    // Whether it is there depends on what npm finds without a network.
    const found = packages.flatMap(name => readdirSync(join(installed, name)))
    expect(['koffi', '@koromix']).toEqual(expect.arrayContaining(found.filter(name => !name.startsWith('.'))))
  })
})

test('npm link puts every bin on the PATH', () => {
  const prefix = temporaryFolder()
  execFileSync('npm', ['link', '--offline', '--ignore-scripts'], {
    cwd: ROOT,
    env: { ...env, npm_config_prefix: prefix },
    stdio: 'ignore',
  })
  for (const name of Object.keys(bin))
    expect(execFileSync(join(prefix, 'bin', name), ['--version'], { encoding: 'utf8', env })).toContain(
      `linsight/${version} `,
    )
})
