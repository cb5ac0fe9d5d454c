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
export { lookAtTables, lookAtTraffic, type OwnerAmounts, type TrafficLook } from './look-at-traffic.ts'
export { NO_OWNER, RowsOfLook, TrafficRows } from './traffic-rows.ts'
export { paceMs } from '../change/pace.ts'
