import { TCP_STATE } from '../../../../kernel/tcp-state.ts'
import { quoted } from '../../../../terminal/escape.ts'
import type { ExecutableState } from '../../../../processes/state/process-state.ts'
import type { HealthFacts } from '../../facts.ts'
import { byOwner, culpritOf, ownersOf, servicePlace, who } from '../../health-words.ts'
import type { InetSocket } from '../../look.ts'
import { finding, type HealthRule } from '../../rule.ts'

/** A server whose program file is gone: after an upgrade it runs the old code until it is started again. */
export const deletedExecutable: HealthRule = {
  code: 'deleted-executable',
  check: facts =>
    byOwner(facts.inState(TCP_STATE.listen)).flatMap(listeners => {
      const exe = executableOf(listeners[0]!, facts)
      return exe?.deleted ? [report(listeners, exe)] : []
    }),
}

function executableOf(listener: InetSocket, { now }: HealthFacts): ExecutableState | undefined {
  const pid = ownersOf(listener)[0]?.pid
  return pid === undefined ? undefined : now.processes.get(pid)?.exe
}

function report(listeners: readonly InetSocket[], { path, replaced }: ExecutableState) {
  const file = quoted(path)
  const name = who(listeners, 'a server')
  const pid = ownersOf(listeners[0]!)[0]!.pid
  const places = listeners.slice(0, 3).map(servicePlace).join(', ')
  return finding(
    'deleted-executable',
    // A program may delete itself: only a new file in its place makes the running one old.
    replaced ? 'warning' : 'info',
    replaced
      ? `${name} runs an old ${file}: the file was replaced after it started`
      : `${name} runs ${file}, which was deleted after it started`,
    {
      culprit: culpritOf(listeners),
      evidence: [
        `/proc/${pid}/exe is ${file} (deleted)${replaced === undefined ? '; whether another file stands there is not known' : replaced ? ', and another file stands there now' : ', and no file stands there'}`,
        `it listens on ${places}${listeners.length > 3 ? ` and ${listeners.length - 3} more` : ''}`,
      ],
      do: [
        replaced ? 'restart it, so that it runs what was installed' : 'restart it only where its file is there again',
      ],
    },
  )
}
