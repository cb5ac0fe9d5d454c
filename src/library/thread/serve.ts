import { answersOf, type Answers } from '../answers/answers.ts'
import type { OpenRequest } from '../queries.ts'
import { errorMessage } from './error-message.ts'
import { partsOf } from './parts.ts'
import { AHEAD, type Call, type Line, type Part } from './protocol.ts'

/** An answer under way. */
interface Open {
  stop: AbortController
  /** Parts that may be sent. */
  credit: number
  /** Called when there is credit again. */
  go: (() => void) | undefined
}

/** Answers what comes over the line until it is closed: the whole of a thread's work. */
export function serve(line: Line<Part, Call>): void {
  const open = new Map<number, Open>()
  let answers: Answers | undefined

  line.onMessage(call => {
    if ('end' in call) {
      for (const { stop, go } of open.values()) {
        stop.abort()
        go?.()
      }
      line.close()
    } else if ('ask' in call) void answer(call)
    else if ('more' in call) grant(open.get(call.id))
    else {
      open.get(call.id)?.stop.abort()
      open.get(call.id)?.go?.()
    }
  })

  async function answer({ id, ask, query }: Extract<Call, { ask: unknown }>): Promise<void> {
    const state: Open = { stop: new AbortController(), credit: AHEAD, go: undefined }
    const { signal } = state.stop
    open.set(id, state)
    try {
      if (ask === 'open') answers = await answersOf(query as OpenRequest, signal)
      else
        for await (const answered of answers![ask](query as never, signal)) {
          for (const part of partsOf(answered)) {
            if (!(await mayGoOn(state))) return
            line.send({ ...part, id })
          }
        }
      line.send({ id, done: true })
    } catch (error) {
      if (!signal.aborted) line.send({ id, error: errorMessage(error) })
    } finally {
      open.delete(id)
    }
  }
}

function grant(state: Open | undefined): void {
  if (state === undefined) return
  state.credit += 1
  state.go?.()
}

/** Waits for credit; false where nobody waits for the answer any more. */
async function mayGoOn(state: Open): Promise<boolean> {
  while (state.credit === 0 && !state.stop.signal.aborted)
    await new Promise<void>(resolve => {
      state.go = resolve
    })
  state.credit -= 1
  return !state.stop.signal.aborted
}
