import { SYSCALL_EXITS, accuse, over } from '../../accuse.ts'
import type { Finding } from '../../model.ts'
import type { Scene } from '../../scene.ts'
import { THRESHOLDS } from '../../thresholds.ts'
import { callAdvice } from '../call-advice.ts'
import { rise } from './rates.ts'

export function tinyIo(scene: Scene): Finding[] {
  if (scene.seconds === 0) return []
  return scene.processes.flatMap(process => {
    const calls = (rise(process, 'readCalls') ?? 0) + (rise(process, 'writeCalls') ?? 0)
    const bytes = (rise(process, 'readChars') ?? 0) + (rise(process, 'writtenChars') ?? 0)
    const rate = calls / scene.seconds
    if (
      !scene.isOften(process, rate, THRESHOLDS.tinyCalls.value) ||
      bytes > calls * THRESHOLDS.tinyBytes.value ||
      bytes === 0
    )
      return []
    return [
      accuse(
        'tiny-io',
        'warning',
        `reads or writes ${Math.max(1, Math.round(bytes / calls))} byte${bytes > calls * 1.5 ? 's' : ''} a call`,
        {
          culprits: [scene.named(process.pid)],
          measures: [
            over('tinyCalls', 'reads and writes a second', rate, 'PID/io'),
            over('tinyBytes', 'bytes a call', bytes / calls, 'PID/io'),
          ],
          do: callAdvice(scene, process, 'one-byte-io', 'small-io'),
          more: `trace-syscalls -p ${process.pid}`,
          reach: Math.round(rate),
        },
      ),
    ]
  })
}

/** As tiny-io, through recv of sockets. */
export function tinyMessages(scene: Scene): Finding[] {
  return scene.steadyRates(scene.seen.trace?.tinyMessages).flatMap(({ process, rate }) => {
    if (!scene.isOften(process, rate, THRESHOLDS.tinyCalls.value)) return []
    return [
      accuse('tiny-io', 'warning', 'receives a few bytes a call', {
        culprits: [scene.named(process.pid)],
        measures: [over('tinyCalls', 'recv of at most 16 bytes a second', rate, SYSCALL_EXITS)],
        do: callAdvice(scene, process, 'one-byte-io', 'small-io'),
        more: `trace-syscalls -p ${process.pid}`,
        reach: Math.round(rate),
      }),
    ]
  })
}
