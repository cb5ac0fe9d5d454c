// linsight metrics as it is typed: what it prints, what it refuses, and what is shipped beside it.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { FAMILIES } from '../../src/metrics/families.ts'
import { needs } from '../support/needs.ts'
import { binPath, fixture, ROOT, ZOO } from '../support/paths.ts'
import { runBin } from '../support/run.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { until } from '../support/until.ts'

const linsight = (...args: string[]) => runBin('linsight', args)

describe('linsight metrics print', () => {
  test('a recording, as Prometheus, OpenMetrics and JSON: the same series', () => {
    const text = linsight('metrics', 'print', '--from', ZOO)
    expect(text).toMatchObject({ status: 0, stderr: '' })
    expect(text.stdout).toContain(
      'linsight_tcp_listener_queue_length{address="127.0.0.1",port="1001",program="python3"',
    )
    const open = linsight('metrics', 'print', '--openmetrics', '--from', ZOO).stdout
    expect(open.endsWith('# EOF\n')).toBe(true)
    const { families } = JSON.parse(linsight('metrics', 'print', '--json', '--from', ZOO).stdout) as {
      families: { name: keyof typeof FAMILIES; samples: unknown[] }[]
    }
    const series = families.reduce((sum, { samples }) => sum + samples.length, 0)
    for (const answer of [text.stdout, open]) expect(answer.match(/^linsight_/gm)!.length).toBe(series)
    expect(families.filter(({ name }) => !(name in FAMILIES))).toEqual([])
  })

  test('hostile names stand in one line each', () => {
    const lines = linsight('metrics', 'print', '--from', ZOO).stdout.split('\n').filter(Boolean)
    const odd = lines.filter(
      line => !/^(?:# (?:HELP|TYPE) \w+ .+|\w+(?:\{(?:\w+="(?:[^"\\]|\\["\\n])*",?)*\})? \S+)$/.test(line),
    )
    expect(odd).toEqual([])
    // eslint-disable-next-line no-control-regex
    expect(lines.filter(line => /[\x00-\x1f\x7f]/.test(line))).toEqual([])
  })

  test('--max-series folds the rest into other, and says how many', () => {
    const { stdout } = linsight('metrics', 'print', '--max-series', '3', '--from', ZOO)
    const listeners = stdout.match(/^linsight_tcp_listener_sockets\{.*$/gm)!
    expect(listeners.length).toBe(4)
    expect(listeners.at(-1)).toMatch(
      /address="other",port="other",program="other",unit="other",container="other"\} \d\d$/,
    )
    expect(stdout).toMatch(/^linsight_folded_series\{family="linsight_tcp_listener_sockets"\} \d\d$/m)
  })

  test('--textfile writes a file that is whole and that others may read', () => {
    const file = join(temporaryFolder(), 'linsight.prom')
    writeFileSync(file, 'old')
    expect(linsight('metrics', 'print', '--from', ZOO, '--textfile', file)).toMatchObject({ status: 0, stdout: '' })
    expect(readFileSync(file, 'utf8')).toContain('linsight_build_info{')
    expect(statSync(file).mode & 0o044).toBe(0o044)
    const missing = linsight('metrics', 'print', '--from', ZOO, '--textfile', '/nowhere/x.prom')
    expect(missing).toMatchObject({ status: 4, stdout: '' })
  })

  test.each([
    [['--textfile', 'x.txt'], 'does not end in .prom'],
    [['--textfile', 'x.prom', '--json'], 'exclude each other'],
    [['--textfile', 'x.prom', '--openmetrics'], 'exclude each other'],
    [['--openmetrics', '--json'], 'exclude each other'],
    [['--textfile', ''], 'is empty'],
    [['--max-series', '0'], 'max-series'],
  ])('print %j is refused', (args, why) => {
    const { status, stderr, stdout } = linsight('metrics', 'print', ...args)
    expect([status, stdout]).toEqual([2, args.includes('--json') ? stdout : ''])
    expect(stderr + stdout).toContain(why)
  })

  test('promtool has nothing to say of it', needs('promtool'), () => {
    const { stdout } = linsight('metrics', 'print', '--from', ZOO)
    const checked = spawnSync('promtool', ['check', 'metrics'], { input: stdout, encoding: 'utf8' })
    expect({ status: checked.status, said: checked.stdout + checked.stderr }).toEqual({ status: 0, said: '' })
  })
})

describe('linsight metrics serve', () => {
  test.each([
    [['--listen', '0.0.0.0:0'], 2, 'is not loopback, and nothing protects it'],
    [['--listen', 'nowhere'], 2, 'is no address and port'],
    [['--insecure', '--web-config', 'web.yml'], 2, 'exclude each other'],
    [['--web-config', '/nowhere/web.yml'], 4, 'cannot be read'],
    [['--web-config', fixture('README.md')], 4, 'is no'],
    [['--job', 'execsnoop'], 2, 'makes no histogram'],
    [['--job', 'runqlatt'], 2, 'there is no job runqlatt'],
    [['--findings', '1s'], 2, 'is not between'],
    [['--from', 'x'], 2, '--from'],
  ])('%j is refused', (args, expected, why) => {
    const { status, stderr } = linsight('metrics', 'serve', ...args)
    expect(status).toBe(expected)
    expect(stderr).toContain(why)
  })

  test('answers until it is told to end, and ends with 0', needs('Linux'), async () => {
    const child = spawn(process.execPath, [binPath('linsight'), 'metrics', 'serve', '--listen', '127.0.0.1:0'])
    const ended = once(child, 'exit')
    let said = ''
    child.stderr.on('data', (text: Buffer) => (said += text.toString()))
    const url = () => /listening on (\S+)/.exec(said)?.[1]
    expect(await until(() => url() !== undefined, 30_000)).toBe(true)
    const answer = await fetch(url()!)
    expect(answer.status).toBe(200)
    expect(await answer.text()).toContain('linsight_build_info{')
    const again = linsight('metrics', 'serve', '--listen', new URL(url()!).host)
    expect([again.status, again.stderr]).toEqual([3, expect.stringContaining('it is in use') as string])
    child.kill('SIGTERM')
    expect(await ended).toEqual([0, null])
  })
})

describe('deploy', () => {
  const at = (path: string) => join(ROOT, 'deploy', path)
  const rules = (
    parse(readFileSync(at('prometheus/linsight.rules.yml'), 'utf8')) as {
      groups: { rules: { alert?: string; expr: string; annotations?: { command: string } }[] }[]
    }
  ).groups.flatMap(group => group.rules)
  const { panels } = JSON.parse(readFileSync(at('grafana/linsight.json'), 'utf8')) as {
    panels: { id: number; targets?: { expr: string }[] }[]
  }
  const expressions = [
    ...rules.map(({ expr }) => expr),
    ...panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
  ]

  test('rules and dashboard ask for families that there are', () => {
    const asked = expressions.flatMap(expression => expression.match(/\blinsight_\w+/g) ?? [])
    expect(asked.length).toBeGreaterThan(30)
    const known = new Set(Object.keys(FAMILIES).flatMap(name => [name, `${name}_bucket`]))
    expect([...new Set(asked)].filter(name => !known.has(name))).toEqual([])
  })

  test('panels have numbers of their own', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
  })

  test('every alert brings a command that there is', () => {
    const alerts = rules.filter(({ alert }) => alert !== undefined)
    expect(alerts.length).toBeGreaterThan(10)
    for (const { annotations } of alerts) {
      const command = annotations!.command
        .replace('{{ reReplaceAll ":[0-9]+$" "" $labels.instance }}', 'web1')
        .replace('{{ $labels.port }}', '8080')
      expect(command).not.toContain('{{')
      if (command.startsWith('ssh web1 ')) continue
      const [bin, ...words] = command.split(' ')
      const host = words.indexOf('--host')
      expect([bin, words[host + 1]]).toEqual(['linsight', 'web1'])
      words.splice(host, 2, '--from', ZOO)
      // What is typed there can be read here: only the machine is another one.
      expect({ command, status: runBin(bin!, words).status }).toEqual({
        command,
        status: expect.toBeOneOf([0, 1]) as number,
      })
    }
  })

  test('promtool: rules, their tests, the configuration', needs('promtool'), () => {
    const promtool = (...args: string[]) =>
      spawnSync('promtool', args, { cwd: at('prometheus'), encoding: 'utf8' }).status
    expect(promtool('check', 'rules', 'linsight.rules.yml')).toBe(0)
    expect(promtool('check', 'config', 'prometheus.yml')).toBe(0)
    expect(promtool('test', 'rules', 'linsight.rules.test.yml')).toBe(0)
  })

  test('every alert has a test', () => {
    const tested = readFileSync(at('prometheus/linsight.rules.test.yml'), 'utf8')
    expect(rules.flatMap(({ alert }) => alert ?? []).filter(alert => !tested.includes(`alertname: ${alert}`))).toEqual(
      [],
    )
  })

  test('the unit is as closed as the page says', needs('systemd-analyze'), () => {
    const unit = at('systemd/linsight-metrics.service')
    const { stdout } = spawnSync('systemd-analyze', ['security', '--offline=true', '--no-pager', unit], {
      encoding: 'utf8',
    })
    const level = /exposure level for \S+: ([\d.]+)/.exec(stdout)?.[1]
    expect(Number(level)).toBeLessThanOrEqual(2.5)
    const told = /exposure level ([\d.]+)/.exec(readFileSync(join(ROOT, 'docs/metrics.md'), 'utf8'))?.[1]
    // Versions of systemd weigh a little differently.
    expect(Math.abs(Number(level) - Number(told))).toBeLessThanOrEqual(0.3)
  })
})
