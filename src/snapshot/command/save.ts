import { constants, statSync } from 'node:fs'
import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import { BaseCommand, originOf, sourceFlags } from '../../cli/base-command.ts'
import { exitCodes } from '../../cli/exit-codes.ts'
import { redactSnapshot } from '../redact/redact.ts'
import type { SnapshotRecording } from '../model.ts'
import { recordFirewall } from '../record-firewall.ts'
import { recordSnapshot } from '../record.ts'
import { savedDocument } from '../show/document.ts'
import { escapeText } from '../../terminal/escape.ts'
import { usersOf, withDumps } from '../../sockets/index.ts'
import { libcToEnter } from '../../namespaces/libc-to-enter.ts'
import { asksHosts, hostFlags, type HostFlags } from '../../fleet/command/index.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import { snapshotText } from '../../proc/snapshot-format.ts'
import { stderrProgress } from '../../cli/print-remark.ts'
import type { Warning } from '../../warnings.ts'
import { writeRecording } from '../../cli/write-recording.ts'

export default class SnapshotSave extends BaseCommand {
  static override summary = 'record what the commands read into one file'
  static override description =
    'Records the socket tables of every network namespace, where koffi is installed also what the kernel itself answers ' +
    'about the sockets in them (tcp_info, limits of accept queues, unix peers), the facts and descriptors of every process, network ' +
    'settings and clocks. Every command reads such a file with --from. The file holds command lines, so only its ' +
    'owner may read it; --redact makes one that can be handed on.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> web1.snap.json.gz',
    '<%= config.bin %> <%= command.id %> --redact for-the-vendor.snap.json',
    '<%= config.bin %> <%= command.id %> --from sosreport.tar.gz web1.snap.json',
    '<%= config.bin %> <%= command.id %> --host web[01-20],db1 --become recordings/',
    '<%= config.bin %> <%= command.id %> --host web1 - | mynetstat -ntlp --from -',
  ]
  static override args = {
    file: Args.string({
      required: true,
      ignoreStdin: true,
      description:
        'file to write, gzipped where its name ends in .gz; - is stdout; a folder with --host, for HOST.snap.json.gz of each',
    }),
  }
  static override flags = {
    ...hostFlags,
    ...sourceFlags,
    redact: Flags.boolean({
      description:
        'replace addresses, host and user names, command-line arguments and names of files by pseudonyms, the same ' +
        'value by the same one',
    }),
  }
  static fields = `Kept under --redact: ports, states, inodes, pids, user ids, times, loopback and unspecified addresses,
the kind of every other address (public, private, link-local, multicast, IPv4-mapped), names of
programs, interfaces and well-known system accounts (root, www-data, sshd …), numbers in and
lengths of socket names, what the kernel counted of a connection (tcp_info), marks, ids of cgroups; of
rules of the firewall what they ask and do, without comments and chosen names.
Rules of the firewall (nft, iptables-save) are recorded where root may read them; of the flows that netfilter tracks those
whose addresses it changes.
Not recorded: environments, memory, contents of files, settings of other network namespaces.`
  static exitCodes = exitCodes({
    no: 'some of the hosts of --host gave no answer, or a bug',
    machine: 'this machine cannot do it: not Linux, no /proc, no ssh; or none of the hosts answered',
    input: 'the input cannot be read, or FILE not be written',
  })

  async run(): Promise<void> {
    const { args, flags } = await this.readArguments(SnapshotSave)
    if (asksHosts(flags)) return this.#hosts(args.file, flags)
    const source = await withDumps(await this.openSource(flags))
    const users = source.isThisMachine ? usersOf(source) : undefined
    const recording = recordSnapshot(source, {
      users,
      libc: await libcToEnter(source),
      onProcess: stderrProgress('processes'),
    })
    await recordFirewall(source, recording.entries)
    const { meta, entries } = flags.redact ? redactSnapshot(recording.meta, recording.entries) : recording
    const bytes = await writeRecording(args.file, snapshotText(meta, entries))
    await this.#report(source, recording, args.file, bytes)
  }

  /** One recording of each host. */
  async #hosts(file: string, flags: HostFlags & { redact: boolean }): Promise<void> {
    const { hostsOf, judgeFleet } = await import('../../fleet/index.ts')
    const { saveHosts } = await import('./hosts.ts')
    const { fleetSnapshotsDocument } = await import('../show/fleet-saved.ts')
    const choice = hostsOf(flags, this.config.version)!
    const remark = (warning: Warning) => this.remark(warning)
    const { hosts, unreadable, fleet } = await saveHosts(choice, file, flags.redact, remark)
    for (const [host, count] of Object.entries(unreadable))
      this.remark({
        code: 'files-unreadable',
        message: `${host}: ${count} files and folders could not be read and are recorded as such`,
        ...(!flags.become && { hint: '--become reads as root (sudo -n)' }),
      })
    if (file !== '-' && this.common.json) {
      const origin = { host: undefined, takenAt: new Date().toISOString(), source: 'ssh' }
      await this.emit({ document: () => fleetSnapshotsDocument(origin, hosts, unreadable), text: () => [] })
    } else if (file !== '-')
      for (const one of hosts)
        if (one.answered)
          process.stderr.write(
            `${escapeText(one.file)}: ${plural(one.processes, 'process', 'es')}, ` +
              `${plural(one.namespaces, 'network namespace')}, ${Math.ceil(one.fileBytes / 1024)} KiB\n`,
          )
    judgeFleet(fleet)
  }

  async #report(source: ProcSource, recording: SnapshotRecording, file: string, bytes: number): Promise<void> {
    const { entries, processes, vanished, otherNamespaces } = recording
    if (otherNamespaces.length > 0 && source.isThisMachine)
      this.remark({
        code: 'own-settings-only',
        message: `settings (sysctl) are those of this network namespace only; the ${otherNamespaces.length} other(s) are recorded without theirs`,
      })
    if (entries.errors.size > 0)
      this.remark({
        code: 'files-unreadable',
        message: `${entries.errors.size} files and folders could not be read and are recorded as such`,
        hint: `see them: ${this.config.bin} snapshot show ${file === '-' ? 'FILE' : file}`,
      })
    if (file === '-') return
    if (this.common.json)
      return this.emit({ document: () => savedDocument(originOf(source), recording, file, bytes), text: () => [] })
    const namespaces = otherNamespaces.length + 1
    process.stderr.write(
      `${escapeText(file)}: ${plural(processes, 'process', 'es')}, ${plural(namespaces, 'network namespace')}, ` +
        `${Math.ceil(bytes / 1024)} KiB${isForOwnerAlone(file) ? ', readable by you alone' : ''}` +
        `${vanished > 0 ? `; ${plural(vanished, 'process', 'es')} ended meanwhile` : ''}\n`,
    )
  }
}

/** Devices, pipes and what the shell has opened are as they were. */
function isForOwnerAlone(file: string): boolean {
  const stats = statSync(file, { throwIfNoEntry: false })
  return stats?.isFile() === true && (stats.mode & (constants.S_IRWXG | constants.S_IRWXO)) === 0
}

function plural(count: number, word: string, ending = 's'): string {
  return `${count} ${word}${count === 1 ? '' : ending}`
}
