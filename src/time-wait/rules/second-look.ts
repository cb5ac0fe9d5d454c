import type { TimeWaitReport } from '../model.ts'

/** Whether one look leaves open what a second one tells: a burst or a load, ports of bind() or what a burst left behind. */
export function needsSecondLook({ advice, tuples }: TimeWaitReport): boolean {
  return (
    advice.some(({ code }) => code === 'burst') || tuples.some(({ parity }) => parity === 'perhaps-bind-before-connect')
  )
}
