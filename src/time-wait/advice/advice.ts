import { SEVERITIES, type Statement } from '../../statement.ts'
import type { TimeWaitFigures } from '../model.ts'
import type { TimeWaitSnapshot } from '../read/snapshot.ts'
import { peerRules } from './peers.ts'
import { portRules } from './ports.ts'
import { settingRules } from './settings.ts'
import { trafficRules } from './traffic.ts'

/** Every advice whose condition is met, the most severe first. */
export function adviceOf(snapshot: TimeWaitSnapshot, figures: TimeWaitFigures): Statement[] {
  return [...portRules, ...trafficRules, ...peerRules, ...settingRules]
    .map(rule => rule({ snapshot, figures }))
    .filter(advice => advice !== undefined)
    .sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity))
}
