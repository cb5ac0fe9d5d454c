import * as Flags from '@oclif/core/flags'
import { netnsFlag } from '../../cli/namespace-flags.ts'

/** Flags that say in which network namespaces to look. */
export const namespaceFlags = {
  'all-netns': Flags.boolean({
    description: 'in every network namespace: containers, pods, ip netns; a section for each',
  }),
  ...netnsFlag(),
}
