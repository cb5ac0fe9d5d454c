// linsight metrics with the real parts: a Prometheus that scrapes it for a minute while connections come and go, its rules
// and its dashboard, TLS and passwords, and node_exporter with the file of --textfile.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { hashSync } from 'bcryptjs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { needs } from '../support/needs.ts'
import { binPath, ROOT } from '../support/paths.ts'
import { dashboardExpressions, makeCertificates, startMetricsScene, type MetricsScene } from './metrics-scene.ts'

const NEEDS = needs(
  'root',
  'namespaces',
  'tracefs',
  'unshare',
  'nsenter',
  'ip',
  'python3',
  'bpftrace',
  'openssl',
  'prometheus',
  'promtool',
  'prometheus-node-exporter',
)
const PROMETHEUS = 'http://127.0.0.1:9090'
const SCRAPES = 55
const PASSWORD = 'correct horse'
const JOBS = ['linsight', 'secure', 'wrong-password', 'no-password', 'plain-http'] as const

describe('linsight metrics and a real Prometheus', NEEDS, () => {
  let scene: MetricsScene
  let url: string
  let secureUrl: string

  beforeAll(async () => {
    scene = await startMetricsScene()
    const { folder } = scene
    makeCertificates(folder)
    const web = {
      tls_server_config: { cert_file: 'cert.pem', key_file: 'key.pem' },
      basic_auth_users: { eve: hashSync(PASSWORD, 8) },
    }
    writeFileSync(join(folder, 'web.yml'), JSON.stringify(web))
    url = await scene.serve(['--findings', '10s', '--job', 'runqlat'])
    secureUrl = await scene.serve(['--web-config', 'web.yml', '--all-netns'])
    writeFileSync(
      join(folder, 'prometheus.yml'),
      JSON.stringify(configuration(new URL(url).host, new URL(secureUrl).host)),
    )
    scene.start('prometheus', [
      '--config.file=prometheus.yml',
      '--storage.tsdb.path=data',
      '--web.listen-address=127.0.0.1:9090',
    ])
    const scraped = await scene.until(() => value('count_over_time(up{job="linsight"}[5m])') >= SCRAPES, 150_000)
    if (!scraped) throw new Error('Prometheus did not scrape for a minute')
  }, 200_000)

  afterAll(() => scene.stop(), 60_000)

  function configuration(target: string, secure: string) {
    const tls = { scheme: 'https', tls_config: { ca_file: 'ca.pem' } }
    const login = (password: string) => ({ ...tls, basic_auth: { username: 'eve', password } })
    const targets: Record<string, [string, object]> = {
      linsight: [target, {}],
      secure: [secure, login(PASSWORD)],
      'wrong-password': [secure, login('wrong')],
      'no-password': [secure, tls],
      'plain-http': [secure, {}],
      prometheus: ['127.0.0.1:9090', {}],
    }
    return {
      global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
      rule_files: [join(ROOT, 'deploy/prometheus/linsight.rules.yml')],
      scrape_configs: Object.entries(targets).map(([job_name, [host, more]]) => ({
        job_name,
        ...more,
        static_configs: [{ targets: [host] }],
      })),
    }
  }

  interface Series {
    metric: Record<string, string>
    value: [number, string]
  }

  function queries(expressions: readonly string[]): (Series[] | string)[] {
    const urls = expressions.map(query => `${PROMETHEUS}/api/v1/query?query=${encodeURIComponent(query)}`)
    return scene.fetch(urls).map(({ status, body }) => {
      if (status !== 200) return `${status} ${body}`
      return (JSON.parse(body) as { data: { result: Series[] } }).data.result
    })
  }

  function series(expression: string): Series[] {
    const [found] = queries([expression])
    return typeof found === 'string' ? [] : found!
  }

  const value = (expression: string): number => Number(series(expression)[0]?.value[1] ?? Number.NaN)

  test('every scrape was answered, and no series stood twice in one', () => {
    expect(value('min_over_time(up{job="linsight"}[5m])')).toBe(1)
    expect(value('count_over_time(up{job="linsight"}[5m])')).toBeGreaterThanOrEqual(SCRAPES)
    expect(value('sum(prometheus_target_scrapes_sample_duplicate_timestamp_total)')).toBe(0)
    expect(value('sum(prometheus_target_scrapes_sample_out_of_order_total)')).toBe(0)
  })

  test('no counter ever fell', () => {
    const [names] = scene.fetch([`${PROMETHEUS}/api/v1/label/__name__/values`])
    const counters = (JSON.parse(names!.body) as { data: string[] }).data.filter(name =>
      /^linsight_.*_(?:total|bucket|count|sum)$/.test(name),
    )
    expect(counters.length).toBeGreaterThan(20)
    const resets = queries(counters.map(name => `max(resets(${name}{job="linsight"}[5m]))`))
    const fell = counters.filter((_, at) => (resets[at] as Series[])[0]?.value[1] !== '0')
    expect(fell).toEqual([])
  })

  test('what stands in the scene is what Prometheus has', () => {
    const listener = (name: string, port: number) =>
      value(`linsight_tcp_listener_${name}{job="linsight", address="127.0.0.1", port="${port}"}`)
    expect([listener('queue_length', 7001), listener('queue_limit', 7001)]).toEqual([5, 4])
    expect(listener('sockets', 7002)).toBe(2)
    const closeWait = 'sum(linsight_tcp_process_sockets{job="linsight", program="python3", state="close_wait"})'
    expect(value(closeWait)).toBeGreaterThanOrEqual(3)
    const [hostile] = series('linsight_tcp_listener_sockets{job="linsight", port="7006"}')
    expect(hostile!.metric['program']).toBe('evil\\xff"\\\\\\x1b[31m')
    // Of 300 local ports both servers listen on one.
    expect(value('max(linsight_tcp_local_ports_capacity{job="linsight", destination="127.0.0.1:7005"})')).toBe(298)
    const everywhere = 'linsight_tcp_listener_queue_length{job="secure", netns!="", port="7001"}'
    expect(series(everywhere).map(({ value: [, length] }) => length)).toEqual(['5'])
  })

  test('bytes of the stream, by the program that sends and reads it', () => {
    const rate = (name: string) =>
      value(`sum(rate(linsight_tcp_process_${name}_bytes_total{job="linsight", program="python3"}[30s]))`)
    // 100 000 a second; a busy machine sends them later, not more often.
    for (const name of ['received', 'sent']) {
      expect(rate(name)).toBeGreaterThan(50_000)
      expect(rate(name)).toBeLessThan(150_000)
    }
  })

  test('every expression of the dashboard gives series', async () => {
    const expressions = dashboardExpressions(join(ROOT, 'deploy/grafana/linsight.json'))
    expect(expressions.length).toBeGreaterThan(20)
    let empty: string[] = []
    const isMet = await scene.until(() => {
      const found = queries(expressions)
      empty = expressions.filter((_, at) => typeof found[at] === 'string' || found[at]!.length === 0)
      return empty.length === 0
    }, 30_000)
    expect({ isMet, empty }).toEqual({ isMet: true, empty: [] })
  }, 60_000)

  test('the rules are evaluated, and the alert of the full queue comes', async () => {
    const [rules] = scene.fetch([`${PROMETHEUS}/api/v1/rules`])
    const { groups } = (
      JSON.parse(rules!.body) as {
        data: { groups: { rules: { name: string; health: string; lastError?: string }[] }[] }
      }
    ).data
    expect(groups.flatMap(group => group.rules).filter(({ health }) => health !== 'ok')).toEqual([])
    const alert = 'ALERTS{alertname="LinsightAcceptQueueFilling", job="linsight", port="7001"}'
    expect(await scene.until(() => series(alert).length > 0, 20_000)).toBe(true)
  }, 40_000)

  test('TLS and a password: who has both is answered, nobody else', () => {
    expect(JOBS.map(job => [job, value(`max_over_time(up{job="${job}"}[5m])`)])).toEqual([
      ['linsight', 1],
      ['secure', 1],
      ['wrong-password', 0],
      ['no-password', 0],
      ['plain-http', 0],
    ])
    const [targets] = scene.fetch([`${PROMETHEUS}/api/v1/targets`])
    const active = (
      JSON.parse(targets!.body) as { data: { activeTargets: { labels: { job: string }; lastError: string }[] } }
    ).data.activeTargets
    const errorOf = (job: string) => active.find(({ labels }) => labels.job === job)!.lastError
    expect(errorOf('wrong-password')).toMatch(/401|429|deadline/)
    expect(errorOf('no-password')).toContain('401')
  })

  test('promtool has nothing to say of the answer', () => {
    const [{ body } = { body: '' }] = scene.fetch([url])
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input: body, encoding: 'utf8' })
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' })
  })

  test('node_exporter reads the file of --textfile', async () => {
    const folder = join(scene.folder, 'textfile')
    mkdirSync(folder)
    const file = join(folder, 'linsight.prom')
    const printed = scene.run(process.execPath, [binPath('linsight'), 'metrics', 'print', '--textfile', file])
    expect(printed).toMatchObject({ status: 0, stdout: '' })
    expect(readFileSync(file, 'utf8')).toContain('linsight_build_info{')
    scene.start('prometheus-node-exporter', [
      '--web.listen-address=127.0.0.1:9100',
      '--collector.disable-defaults',
      '--collector.textfile',
      `--collector.textfile.directory=${folder}`,
    ])
    let body = ''
    await scene.until(
      () => (body = scene.fetch(['http://127.0.0.1:9100/metrics'])[0]!.body).includes('linsight_'),
      30_000,
    )
    expect(body).toMatch(/^node_textfile_scrape_error 0$/m)
    expect(body).toMatch(/^linsight_tcp_listener_queue_length\{.*port="7001".*\} 5$/m)
  }, 60_000)
})
