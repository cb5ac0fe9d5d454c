import { TCP_STATE } from '../../../../kernel/tcp-state.ts'
import type { ProcessFacts } from '../../../../processes/process-facts.ts'
import type { ExecutableState } from '../../../../processes/state/process-state.ts'
import { quoted } from '../../../../terminal/escape.ts'
import type { HealthFacts } from '../../facts.ts'
import { byOwner, ownersOf, servicePlace } from '../../health-words.ts'
import type { InetSocket, Owned } from '../../look.ts'
import { finding, type HealthRule } from '../../rule.ts'

/** A program whose file is gone: after an upgrade it runs the old code until it is started again. */
export const deletedExecutable: HealthRule = {
  code: 'deleted-executable',
  why: 'The executable of the process is deleted and a file is at its path again: an upgrade. A program that deletes itself is none.',
  thresholds: [],
  check(facts) {
    const servers = byOwner(facts.inState(TCP_STATE.listen)).flatMap(listeners => {
      const exe = executableOf(ownersOf(listeners[0]!)[0]?.pid, facts)
      return exe?.deleted ? [report(listeners, listeners, exe)] : []
    })
    const told = new Set(servers.flatMap(({ culprits }) => culprits.map(({ pid }) => pid)))
    const others = (facts.now.programs ?? []).flatMap(process => {
      const exe = told.has(process.pid) ? undefined : executableOf(process.pid, facts)
      return exe?.deleted ? [report([owned(process)], [], exe)] : []
    })
    return [...servers, ...others]
  },
}

const owned = (process: ProcessFacts): Owned => ({ owners: [{ process, heldBy: 'fd', fds: [] }] })

function executableOf(pid: number | undefined, { now }: HealthFacts): ExecutableState | undefined {
  return pid === undefined ? undefined : now.processes.get(pid)?.exe
}

function report(of: readonly Owned[], listeners: readonly InetSocket[], { path, replaced }: ExecutableState) {
  const file = quoted(path)
  const pid = ownersOf(of[0]!)[0]!.pid
  const places = listeners.slice(0, 3).map(servicePlace).join(', ')
  return finding(
    'deleted-executable',
    // A program may delete itself: only a new file in its place makes the running one old.
    replaced ? 'warning' : 'info',
    replaced
      ? `runs an old ${file}: the file was replaced after it started`
      : `runs ${file}, which was deleted after it started`,
    {
      of,
      evidence: [
        `/proc/${pid}/exe is ${file} (deleted)${replaced === undefined ? '; whether another file stands there is not known' : replaced ? ', and another file stands there now' : ', and no file stands there'}`,
        ...(listeners.length === 0
          ? []
          : [`it listens on ${places}${listeners.length > 3 ? ` and ${listeners.length - 3} more` : ''}`]),
      ],
      do: [
        replaced ? 'restart it, so that it runs what was installed' : 'restart it only where its file is there again',
      ],
    },
  )
}
