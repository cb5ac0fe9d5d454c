import * as Flags from '@oclif/core/flags'
import { BaseCommand } from '../../cli/base-command.ts'
import { untilSignal } from '../../cli/until-signal.ts'
import { UsageError } from '../../errors.ts'
import { loadLibc } from '../../libc/libc.ts'
import { checkHistogramJob } from '../../bpf/index.ts'
import { libcToEnter } from '../../namespaces/libc-to-enter.ts'
import { withDumps } from '../../sockets/index.ts'
import { Collector } from '../collect/collector.ts'
import { BasicAuth } from '../serve/basic-auth.ts'
import { requestHandler } from '../serve/handler.ts'
import { DEFAULT_LISTEN, listenText, parseListenAddress } from '../serve/listen-address.ts'
import { loadWebConfig, type LoadedWebConfig } from '../serve/load-web-config.ts'
import { reloadWhenChanged, startServer } from '../serve/server.ts'
import { SharedAnswers } from '../serve/shared-answers.ts'
import { BpfJob } from '../tracing/bpf-jobs.ts'
import { Findings } from '../tracing/findings.ts'
import { serveFlags } from './flags.ts'
import { FIELDS, SERVE_EXAMPLES, SERVE_EXIT_CODES, SERVE_OVERHEAD } from './help.ts'

/** Nobody waits for the first look. */
const FIRST_BUDGET_MS = 60_000

export default class MetricsServe extends BaseCommand {
  static override summary = 'answer Prometheus: sockets, queues, local ports, traffic by program'
  static override description =
    'Listens on loopback unless told otherwise, and answers each scrape with what the machine is like then: accept queues ' +
    'with their limits and owners, sockets by program and state, bytes and retransmits by program, local ports and when ' +
    'they run out, what diagnose finds, histograms of bpf jobs.'
  static override examples = SERVE_EXAMPLES
  static override flags = {
    listen: Flags.string({
      default: DEFAULT_LISTEN,
      helpValue: 'ADDR',
      description: 'address and port; other than loopback needs --web-config or --insecure',
    }),
    'web-config': Flags.string({
      helpValue: 'FILE',
      description: "TLS and passwords, in the keys of Prometheus' exporters: tls_server_config, basic_auth_users",
    }),
    insecure: Flags.boolean({ description: 'let everybody who can connect read everything' }),
    ...serveFlags,
  }
  static fields = FIELDS
  static overhead = SERVE_OVERHEAD
  static exitCodes = SERVE_EXIT_CODES

  async run(): Promise<void> {
    const { flags } = await this.readArguments(MetricsServe)
    const address = parseListenAddress(flags.listen)
    const file = flags['web-config']
    refuseConflicts(flags, address.isLoopback)
    for (const job of flags.job ?? []) checkHistogramJob(job)
    const web = file === undefined ? undefined : loadWebConfig(file)
    const source = await withDumps(await this.openSource({}), { keepsRoom: !flags['all-netns'] })
    const log = (text: string) => this.say(text)
    const contributors: (BpfJob | Findings)[] = []
    const collector = new Collector({
      source,
      allNamespaces: flags['all-netns'] ? { libc: await libcToEnter(source) } : undefined,
      traffic: source.dumpSockets && (await loadLibc()),
      maxSeries: flags['max-series'],
      contributors,
      version: this.config.version,
    })
    const answers = new SharedAnswers(budgetMs => collector.collect(budgetMs))
    let auth = await authOf(web)
    const server = await startServer(address, requestHandler({ answers, address, auth: () => auth, log }), web)
    const apply = async (fresh: LoadedWebConfig) => {
      auth = await authOf(fresh)
    }
    const stopReloading = web && reloadWhenChanged(server.server, web, () => loadWebConfig(file!), apply, log)
    const { signal, done } = untilSignal()
    const isStopped = new Promise<void>(resolve => signal.addEventListener('abort', () => resolve(), { once: true }))
    // Bytes count from here on, and owners are found before the first scrape.
    answers.text('text', FIRST_BUDGET_MS).catch((error: Error) => log(`the first look failed: ${error.message}`))
    for (const job of new Set(flags.job)) contributors.push(new BpfJob(job, { log }))
    if (flags.findings !== undefined) contributors.push(new Findings({ intervalMs: flags.findings, log }))
    log(`listening on ${server.scheme}://${listenText(server.address)}/metrics`)
    await isStopped
    done()
    stopReloading?.()
    await Promise.all([server.close(), ...contributors.map(part => part.stop())])
    collector.close()
    // To be ended is what a service is for.
    process.exitCode = 0
  }
}

async function authOf(web: LoadedWebConfig | undefined): Promise<BasicAuth | undefined> {
  if (web === undefined || web.config.users.size === 0) return undefined
  return new BasicAuth(web.config.users, (await import('bcryptjs')).compare)
}

interface ServeFlags {
  listen: string
  'web-config'?: string | undefined
  insecure: boolean
}

function refuseConflicts({ listen, 'web-config': file, insecure }: ServeFlags, isLoopback: boolean): void {
  if (file !== undefined && insecure)
    throw new UsageError('--web-config and --insecure exclude each other', {
      hint: '--insecure is for where nothing protects the address',
    })
  if (!isLoopback && file === undefined && !insecure)
    throw new UsageError(`--listen ${listen} is not loopback, and nothing protects it`, {
      hint: 'give TLS and a password with --web-config FILE, or say --insecure',
    })
}
