import type { ReportInput } from '../model.ts'

/** Whether the recordings are of several machines, so that every part has to name its own. */
export const areSeveral = (inputs: readonly ReportInput[]): boolean =>
  new Set(inputs.map(({ host, name }) => host ?? name)).size > 1
