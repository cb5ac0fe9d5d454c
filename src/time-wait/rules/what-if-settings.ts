import type { PortRange } from '../read/port-settings.ts'

/** Changes to try on paper; absent ones stay as they are. */
export interface WhatIf {
  range?: PortRange | undefined
  /** tcp_tw_reuse. */
  reuse?: number | undefined
  /** Source addresses more than now, used evenly. */
  moreSources?: number | undefined
  /** Connections kept open instead of one for each request. */
  pool?: number | undefined
}
