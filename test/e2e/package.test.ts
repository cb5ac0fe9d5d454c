import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
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
  let packed: string[]
  beforeAll(() => {
    folder = temporaryFolder()
    // The run leaves a code cache in dist/, if there is none.
    execFileSync(process.execPath, [join(ROOT, 'bin/linsight.cjs'), '--version'], { stdio: 'ignore' })
    const report = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
      cwd: ROOT,
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const [{ filename, files }] = JSON.parse(report) as [{ filename: string; files: { path: string }[] }]
    packed = files.map(({ path }) => path).sort()
    execFileSync(
      'npm',
      ['install', '--global', '--offline', '--ignore-scripts', '--prefix', join(folder, 'prefix'), filename],
      { cwd: folder, env, stdio: 'ignore' },
    )
  })

  test('holds what runs, and no code cache of the Node that built it', () => {
    const dist = readdirSync(join(ROOT, 'dist'), { recursive: true, encoding: 'utf8' }).filter(
      name => !['man', 'completions'].includes(name),
    )
    const built = dist.filter(name => !name.endsWith('.cache'))
    expect(built.length).toBeLessThan(dist.length)
    const pages = ['CHANGELOG.md', 'CONTRIBUTING.md', 'LICENSE', 'README.md', 'SECURITY.md']
    const filesOf = (folder: string): string[] =>
      readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap(entry =>
        entry.isDirectory() ? filesOf(`${folder}/${entry.name}`) : [`${folder}/${entry.name}`],
      )
    expect(packed).toEqual(
      [
        ...pages,
        'package.json',
        'fixtures/zoo.snap.json',
        ...['grafana', 'prometheus', 'systemd'].flatMap(name => filesOf(`deploy/${name}`)),
        ...filesOf('docs'),
        ...filesOf('schemas'),
        ...filesOf('types'),
      ]
        .concat(['launch', ...Object.keys(bin)].map(name => `bin/${name}.cjs`))
        .concat(built.map(name => `dist/${name}`))
        .sort(),
    )
  })

  test('has no script that npm would have to run where it is installed', () => {
    const { scripts } = JSON.parse(
      readFileSync(join(folder, 'prefix/lib/node_modules/linsight/package.json'), 'utf8'),
    ) as { scripts: Record<string, string> }
    expect(Object.keys(scripts).filter(name => name.endsWith('install'))).toEqual([])
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

  test('brings no package but the one it may do without', () => {
    const packages = join(folder, 'prefix/lib/node_modules/linsight/node_modules')
    // Whether it is there depends on what npm finds without a network.
    const found = existsSync(packages) ? readdirSync(packages).filter(name => !name.startsWith('.')) : []
    expect(['koffi', '@koromix']).toEqual(expect.arrayContaining(found))
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
