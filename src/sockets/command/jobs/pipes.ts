import { originOf } from '../../../cli/base-command.ts'
import { UsageError } from '../../../errors.ts'
import { readProcView } from '../../../processes/proc-view.ts'
import { unreadableRemedy } from '../../../processes/unreadable-remedy.ts'
import { readPipes } from '../../pipes/read-pipes.ts'
import { pipeTable } from '../../show/pipes/pipe-table.ts'
import { pipesDocument } from '../../show/pipes/pipes-document.ts'
import { refuseBeside, type JobContext } from './job.ts'

/** `mynetstat --pipes [PID…]`: who is at the other end of pipes and eventfds. */
export async function runPipes(
  job: JobContext,
  flags: Readonly<Record<string, unknown>> & { from?: string | undefined },
  words: readonly string[],
): Promise<void> {
  refuseBeside('pipes', [], flags, '--pipes shows pipes and eventfds; leave the other out')
  const wrong = words.find(word => !/^[1-9]\d{0,6}$/.test(word))
  if (wrong !== undefined)
    throw new UsageError(`${wrong} is no pid`, { hint: 'name processes by their numbers: --pipes 812 900' })
  const source = await job.openSource(flags.from)
  const read = readPipes(source, words.map(Number))
  const refused = [...read.unreadable.values()].reduce((sum, count) => sum + count, 0)
  if (refused > 0)
    job.remark({
      code: 'processes-unreadable',
      message: `${refused} of ${refused + read.processes} processes could not be looked into; pipes they hold show fewer ends here, or none`,
      hint: unreadableRemedy(readProcView(source)),
    })
  const { terminal } = job
  await job.emit({
    document: () => pipesDocument(originOf(source), read),
    text: () => pipeTable(read.pipes, { color: terminal.color, width: terminal.width }),
  })
}
