import { BaseCommand, sourceFlags } from '../../cli/base-command.ts'
import { helpWidth } from '../../cli/help.ts'
import { withFullNames } from '../../cli/long-options.ts'
import { UsageError } from '../../errors.ts'
import { writeOut } from '../../cli/write-out.ts'
import { asksHosts, briefHostFlags, HOST_VALUES, type HostFlags } from '../../fleet/command/index.ts'
import type { HostChoice } from '../../fleet/index.ts'
import type { Endianness, ProcSource } from '../../proc/proc-source.ts'
import { columnsHelp } from './columns-help.ts'
import { exposureFlags, publishedFlags } from './firewall-flags.ts'
import { netstatFlags } from './flags.ts'
import { healthFlags } from './health-flags.ts'
import { EXAMPLES, EXIT_CODES, FIELDS, FILTER, MORE_FIELDS } from './help.ts'
import type { CommandContext } from './jobs/job.ts'
import { listSockets } from './listing.ts'
import { NETSTAT_OPTIONS } from './options/netstat-options.ts'
import { SCRIPT_VALUES } from './options/script-flags.ts'
import { otherJobOf } from './other-jobs.ts'
import { timesGiven } from './views-flags.ts'
import { COMPLETIONS } from './completions.ts'

const WITH_VALUE: ReadonlySet<string> = new Set([
  'protocol',
  'columns',
  'sort',
  'duration',
  'before',
  'diff',
  'from',
  'endian',
  'color',
  'netns',
  ...SCRIPT_VALUES,
  ...HOST_VALUES,
])

type MynetstatFlags = Parameters<typeof otherJobOf>[0] & HostFlags

interface Asked {
  flags: MynetstatFlags
  argv: readonly string[]
  job: ReturnType<typeof otherJobOf>
}

export default class Mynetstat extends BaseCommand {
  static override summary = 'which sockets exist and who owns them'
  static override examples = EXAMPLES
  static override strict = false
  static override flags = {
    ...netstatFlags,
    ...healthFlags,
    ...publishedFlags,
    ...exposureFlags,
    ...briefHostFlags,
    ...sourceFlags,
  }
  static override usage = '[-antlpuxeo…] [:PORT… | FILTER] [FLAGS]'

  static override completions = COMPLETIONS
  static filter = FILTER
  static fields = FIELDS
  static moreFields = MORE_FIELDS
  static exitCodes = EXIT_CODES

  async run(): Promise<void> {
    const known = { ...Mynetstat.flags, ...Mynetstat.baseFlags }
    this.argv = withFullNames(this.argv, known, WITH_VALUE, NETSTAT_OPTIONS)
    const { flags, argv } = await this.readArguments(Mynetstat)
    if (flags.columns === 'help') return writeOut([columnsHelp(helpWidth(process.stdout, process.env))])
    const remote = asksHosts(flags)
      ? (await import('../../fleet/index.ts')).hostsOf(flags, this.config.version)
      : undefined
    const context = this.#context(flags, remote)
    const job = otherJobOf(flags, argv, timesGiven(this.argv, 'e', 'extend'))
    if (remote !== undefined) return this.#askHosts(context, remote, { flags, argv, job })
    return job === undefined ? listSockets(context, () => this.openSource(flags), flags, argv) : job(context)
  }

  /** Sockets of several hosts are joined; every other question is asked of one, as of a recording. */
  async #askHosts(context: CommandContext, remote: HostChoice, { flags, argv, job }: Asked): Promise<void> {
    const { aboutOneHost, listOfHosts } = await import('./jobs/list-hosts.ts')
    const question = aboutOneHost(flags)
    if (job === undefined && question === undefined) return listOfHosts(context, remote, flags, argv)
    if (flags.watch || flags.continuous)
      throw new UsageError(`${flags.watch ? '--watch' : '-c'} repeats a live reading; --host reads once`, {
        hint: 'run it there: ssh -t HOST mynetstat …',
      })
    if (job !== undefined) return job(context)
    return listSockets(context, () => this.#sourceOf(remote, `--${question}`), flags, argv)
  }

  async #sourceOf(remote: HostChoice, question: string): Promise<ProcSource> {
    const { askOne, onlyHost } = await import('../../fleet/index.ts')
    return askOne(remote, onlyHost(remote, question), warning => this.remark(warning))
  }

  /** What a job takes from this command. */
  #context(
    { endian, netns }: { endian?: Endianness | undefined; netns?: string | undefined },
    remote: HostChoice | undefined,
  ): CommandContext {
    return {
      json: this.common.json,
      terminal: this.terminal,
      openSource: async from => {
        const source =
          remote === undefined || from !== undefined
            ? await this.openSource({ from, endian })
            : await this.#sourceOf(remote, 'this')
        if (netns === undefined) return source
        const { openNamespace } = await import('../namespaces.ts')
        const { remark, inside } = await openNamespace(source, netns)
        this.#sayNamespace(remark)
        return inside
      },
      emit: report => this.emit(report),
      remark: warning => this.remark(warning),
      say: text => this.say(text),
      sayNamespace: remark => this.#sayNamespace(remark),
      warnings: this.warnings,
    }
  }

  #sayNamespace(remark: string | undefined): void {
    if (!this.common.json && remark !== undefined) this.say(remark)
  }
}
