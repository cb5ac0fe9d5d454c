import type { ViewName } from '../../model.ts'
import type { View } from '../view.ts'
import { CONNECTIONS } from './connections.ts'
import { FINDINGS } from './findings.ts'
import { HOSTS } from './hosts.ts'
import { LISTENERS } from './listeners.ts'
import { PROCESSES } from './processes.ts'
import { TIME_WAITS } from './time-wait.ts'

/** Every view by its name; rows are handled by the view that made them alone. */
export const VIEW_OF = {
  processes: PROCESSES,
  connections: CONNECTIONS,
  listeners: LISTENERS,
  'time-wait': TIME_WAITS,
  hosts: HOSTS,
  findings: FINDINGS,
} as unknown as Readonly<Record<ViewName, View>>
