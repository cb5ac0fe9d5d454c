import type { HostAnswer } from '../../fleet/model.ts'
import { InputError } from '../../errors.ts'
import { pidsToDescribe } from '../conclude.ts'
import { withDumps } from '../../sockets/index.ts'
import { observeOnce } from '../look/observe-once.ts'
import type { Observation } from '../observation.ts'
import { describe } from '../read-recording.ts'
import { parseObservation } from '../recording.ts'
import { faultOf } from './check-observation.ts'
import { observeTwice } from './observe-twice.ts'

/**
 * What was seen on a host: by the linsight over there, or by two looks at its /proc.
 *
 * @throws InputError where that is not what it should be
 */
export async function seenOn({ host, sources, diagnosis }: HostAnswer): Promise<Observation> {
  if (diagnosis !== undefined) {
    const text = diagnosis.toString('utf8')
    const seen = parseObservation(text, `of ${host}`)
    const fault = await faultOf(JSON.parse(text))
    if (fault !== undefined) throw new InputError('input-format', `what ${host} saw is not what it should be: ${fault}`)
    return seen
  }
  const [first, second] = await Promise.all(sources.map(source => withDumps(source)))
  const seen = second === undefined ? observeOnce(first!) : observeTwice(first!, second)
  describe(second ?? first!, seen, pidsToDescribe(seen))
  return seen
}
