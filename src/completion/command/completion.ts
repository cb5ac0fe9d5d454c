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
they are wanted, programs, pids, units, containers and ports. The package for Debian brings it along. Start the shell anew
afterwards. In zsh, compinit has to have run before a line that sources it.`
  static override examples = [
    {
      description: 'for one user: bash',
      command:
        'mkdir -p ~/.local/share/bash-completion/completions && <%= config.bin %> completion bash >~/.local/share/bash-completion/completions/linsight',
    },
    {
      description: 'for the three other names, too, which bash-completion looks for by their own',
      command:
        'for name in mynetstat tw-stats trace-syscalls; do ln -sf linsight ~/.local/share/bash-completion/completions/$name; done',
    },
    {
      description: 'without the package bash-completion: in ~/.bashrc',
      command: 'source <(<%= config.bin %> completion bash)',
    },
    { description: 'zsh: in ~/.zshrc, behind compinit', command: 'source <(<%= config.bin %> completion zsh)' },
    {
      description: 'zsh, for everybody',
      command: '<%= config.bin %> completion zsh | sudo tee /usr/local/share/zsh/site-functions/_linsight >/dev/null',
    },
    {
      description: 'fish, which loads what it finds by the first name',
      command:
        'mkdir -p ~/.config/fish/conf.d && <%= config.bin %> completion fish >~/.config/fish/conf.d/linsight.fish',
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
