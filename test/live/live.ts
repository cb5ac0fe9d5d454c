import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** A fixture program that prints one line of JSON when it is ready and ends with its stdin. */
export interface Fixture<Facts> {
  facts: Facts
  child: ChildProcess
  /** Waits for the fixture's next line. */
  line(): Promise<string>
  stop(): Promise<void>
}

export async function startFixture<Facts>(command: string, args: readonly string[]): Promise<Fixture<Facts>> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const line = async () => {
    const next = await lines.next()
    if (next.done) throw new Error(`${command} ${args.join(' ')} ended with ${child.exitCode ?? child.signalCode}`)
    return next.value
  }
  return {
    facts: JSON.parse(await line()) as Facts,
    child,
    line,
    async stop() {
      child.stdin.end()
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    },
  }
}
