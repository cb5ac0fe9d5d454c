import { expect, test } from 'vitest'
import { until } from '../../../test/support/until.ts'
import { MetricSet } from '../metric-set.ts'
import { BpfJob } from './bpf-jobs.ts'

function told(job: BpfJob) {
  const set = new MetricSet()
  job.addTo(set)
  const { families } = set.exposition('')
  const value = (name: string, suffix?: string) =>
    families.find(family => family.name === name)?.samples.find(sample => sample.suffix === suffix)?.value
  return {
    up: value('linsight_bpf_job_up'),
    restarts: value('linsight_bpf_job_restarts_total'),
    count: value('linsight_bpf_latency_seconds', '_count'),
  }
}

test('a tracer that ends is started again, and what it had counted stays', async () => {
  const lines: string[] = []
  const ends: ((why: string) => void)[] = []
  let starts = 0
  const job = new BpfJob('runqlat', {
    log: text => lines.push(text),
    firstWaitMs: 1,
    start: (_name, _interval, stop) => {
      starts += 1
      if (starts === 2) return Promise.reject(new Error('bpftrace is not installed'))
      let hasEnded = false
      return Promise.resolve({
        get isReady() {
          return !hasEnded
        },
        histograms: () => [{ key: '', buckets: [{ min: 1, max: 1, count: 5 }] }],
        ended: new Promise(resolve => {
          ends.push(why => {
            hasEnded = true
            resolve(why)
          })
          stop.addEventListener('abort', () => resolve(undefined))
        }),
      })
    },
  })
  expect(await until(() => told(job).up === 1)).toBe(true)
  expect(told(job)).toEqual({ up: 1, restarts: 0, count: 5 })
  ends[0]!('bpftrace was ended by SIGSEGV')
  expect(await until(() => told(job).restarts === 2 && told(job).up === 1)).toBe(true)
  expect(told(job).count).toBe(10)
  expect(lines).toEqual([
    'the job runqlat ended and is started again: bpftrace was ended by SIGSEGV',
    'the job runqlat ended and is started again: bpftrace is not installed',
  ])
  await job.stop()
  expect(told(job)).toEqual({ up: 0, restarts: 2, count: 10 })
})
