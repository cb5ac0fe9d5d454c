import * as Flags from '@oclif/core/flags'
import { BaseCommand, sourceFlags } from '../cli/base-command.ts'
import { parseInetTable } from '../parse/proc-net-tcp.ts'

export default class Mynetstat extends BaseCommand {
  static override summary = 'which sockets exist and who owns them'
  static override examples = ['<%= config.bin %> -ntlp']
  static override flags = {
    ...sourceFlags,
    all: Flags.boolean({ char: 'a', description: 'listening and other sockets' }),
    numeric: Flags.boolean({ char: 'n', description: 'numbers instead of names' }),
    tcp: Flags.boolean({ char: 't', description: 'TCP' }),
    listening: Flags.boolean({ char: 'l', description: 'only listening sockets' }),
    programs: Flags.boolean({ char: 'p', description: 'owners' }),
  }

  async run(): Promise<void> {
    const { flags } = await this.readArguments(Mynetstat)
    const source = await this.openSource(flags)
    const { rows } = parseInetTable(source.readFile('net/tcp'), 'tcp', source.meta.endian !== 'big')
    for (const row of rows) process.stdout.write(`${row.localAddress}:${row.localPort} ${row.inode}\n`)
  }
}
