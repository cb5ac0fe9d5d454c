import { checkQuery } from './check-query.ts'
import type { Abortable, Machine } from './machine.ts'
import type { OpenRequest } from './queries.ts'
import { converse } from './thread/conversation.ts'
import { startAnswering } from './thread/start.ts'
import { threadedMachine } from './thread/threaded-machine.ts'

/** Whose facts are asked for; without anything this machine's. */
export interface OpenOptions extends OpenRequest, Abortable {}

/**
 * Opens this machine; with `from` a recording: a snapshot, a folder or archive of /proc, a recorded diagnosis; with `host`
 * another machine, which is read once. Throws a MachineError where this is not Linux or has no /proc, or the host gives no
 * answer, an InputError where a recording cannot be read.
 *
 * Node 20 has `Symbol.asyncDispose`; `await using` itself needs a compiler there, `close()` does not.
 */
export async function open(options: OpenOptions = {}): Promise<Machine> {
  checkQuery('open', options)
  const { signal, ...request } = options
  signal?.throwIfAborted()
  let fail: (error: Error) => void = () => {}
  const started = await startAnswering(error => fail(error))
  const conversation = converse(started.line, { onBusy: isBusy => started.hold(isBusy) })
  fail = error => conversation.fail(error)
  const machine = threadedMachine(conversation, started)
  try {
    for await (const _ of conversation.ask('open', request, signal)) break
    started.hold(false)
    return machine
  } catch (error) {
    void machine.close()
    throw error
  }
}
