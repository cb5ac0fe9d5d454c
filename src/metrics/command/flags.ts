import * as Flags from '@oclif/core/flags'
import { durationMsFlag } from '../../cli/duration-flag.ts'
import { MAX_SERIES } from '../families.ts'

/** Flags of both commands: what is gathered. */
export const gatherFlags = {
  'all-netns': Flags.boolean({
    description: 'read every network namespace, with the label netns: containers, pods, ip netns',
  }),
  'max-series': Flags.integer({
    default: MAX_SERIES,
    min: 1,
    max: 100_000,
    helpValue: 'N',
    description: 'series of a family; the lightest of more become one, labelled other',
  }),
}

const LEAST_FINDINGS_MS = 10_000

export const serveFlags = {
  ...gatherFlags,
  findings: durationMsFlag('findings', {
    leastMs: LEAST_FINDINGS_MS,
    description: 'run linsight diagnose so often, in a process of its own, and tell what it finds: 5m',
  }),
  job: Flags.string({
    multiple: true,
    delimiter: ',',
    helpValue: 'NAME[,NAME]',
    description: 'keep these jobs of linsight bpf running and tell their histograms: runqlat, biolatency, … (root)',
  }),
}
