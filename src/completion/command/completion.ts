import * as Args from '@oclif/core/args'
import { BaseCommand } from '../../cli/base-command.ts'
import { exitCodes } from '../../cli/exit-codes.ts'
import { writeOut } from '../../cli/write-out.ts'
import { UsageError } from '../../errors.ts'

const SHELLS = ['bash', 'zsh', 'fish'] as const

/** Shell → the text that src/completion/show makes of the manifest of all commands: scripts/build.mjs puts it here. */
declare const COMPLETIONS: Readonly<Record<(typeof SHELLS)[number], string>>

export default class Completion extends BaseCommand {
  static override summary = 'what bash, zsh or fish need to complete the words of every command'
  static override description = `Completes commands, flags and their values: columns, jobs, causes, states, formats; and, asked of the machine when
they are wanted, programs, pids, units, containers and ports. The package for Debian brings it along.`
  static override examples = [
    { description: 'bash: this line in ~/.bashrc', command: 'source <(<%= config.bin %> completion bash)' },
    {
      description: 'zsh: this line in ~/.zshrc, behind compinit',
      command: 'source <(<%= config.bin %> completion zsh)',
    },
    {
      description: 'fish: this line in ~/.config/fish/config.fish',
      command: '<%= config.bin %> completion fish | source',
    },
    {
      description:
        'for all users of a machine: in a folder where the shell looks for it, such as /usr/local/share/zsh/site-functions',
      command: '<%= config.bin %> completion zsh >_linsight',
    },
  ]
  static override args = {
    shell: Args.string({ description: SHELLS.join(', '), required: true, options: [...SHELLS] }),
  }
  static exitCodes = exitCodes({ input: true })

  async run(): Promise<void> {
    const { args } = await this.readArguments(Completion)
    if (this.common.json) throw new UsageError('the text for a shell is no JSON', { hint: 'leave --json out' })
    await writeOut([COMPLETIONS[args.shell as (typeof SHELLS)[number]]])
  }
}
