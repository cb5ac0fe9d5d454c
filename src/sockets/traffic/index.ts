// What other subjects use of traffic.
export { openClosings, type Closings } from '../diag/closings.ts'
export type { TrafficAccountant } from './accountant.ts'
export { DumpTraffic } from './dump-traffic.ts'
export {
  TrafficOwners,
  UNKNOWN_OWNER,
  type TrafficCounters,
  type TrafficGroup,
  type TrafficOwner,
} from './traffic-owners.ts'
export { openEnds, TrafficWatch, type LookOptions, type VisitLook } from './watch-traffic.ts'
