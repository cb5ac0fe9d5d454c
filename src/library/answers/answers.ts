import { answerDiagnose, type DiagnoseQuery } from '../../diagnose/index.ts'
import { originOf } from '../../proc/origin.ts'
import { prepareLooks, type SocketQuery } from '../../sockets/answer/index.ts'
import { answerTimeWait, type TimeWaitQuery } from '../../time-wait/index.ts'
import type { OpenRequest, ProcessQuery, WatchQuery } from '../queries.ts'
import type { Answered } from '../thread/parts.ts'
import type { Question } from '../thread/protocol.ts'
import { openInput } from './open-input.ts'
import { answerProcesses } from './answer-processes.ts'
import { answerWatch } from './answer-watch.ts'

/** Every question but `open`, with what it yields. */
export type Answers = {
  [Key in Exclude<Question, 'open'>]: (query: never, signal: AbortSignal) => AsyncIterable<Answered>
}

/** Opens what is asked about, and answers questions about it. */
export async function answersOf(request: OpenRequest, signal: AbortSignal): Promise<Answers> {
  const input = await openInput(request, signal)
  return {
    async *sockets(query: SocketQuery) {
      const looks = await prepareLooks(input.source(), query)
      const report = looks.look()
      const warnings = await looks.complete(report)
      yield { document: looks.document(originOf(looks.source), report), warnings }
    },
    async *timeWait(query: TimeWaitQuery, signal) {
      const source = input.source()
      const { document, warnings } = await answerTimeWait(source, query, signal)
      yield { document: document(originOf(source)), warnings }
    },
    async *processes(query: ProcessQuery) {
      yield answerProcesses(input.source(), query)
    },
    async *diagnose(query: DiagnoseQuery, signal) {
      const { document } = await answerDiagnose(input.seen, query, signal)
      yield { document: document({ source: input.label }), warnings: [] }
    },
    watch: (query: WatchQuery, signal) => answerWatch(input.source(), query, signal),
  }
}
