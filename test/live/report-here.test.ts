// linsight report without a file: this machine.
import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { pageRecordings } from '../../src/files/page-recordings.ts'
import type { ReportData } from '../../src/report/model.ts'
import { needs } from '../support/needs.ts'
import { runBin } from '../support/run.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

describe('a report of this machine', needs('Linux'), () => {
  test.each([
    ['as it is', []],
    ['with pseudonyms', ['--redact']],
  ])('%s: a diagnosis over seconds and a snapshot, both inside', { timeout: 60_000 }, (_, flags) => {
    const file = join(temporaryFolder(), 'here.html')
    const { status, stderr } = runBin('linsight', ['report', ...flags, '-o', file])
    expect({ status, stderr }).toMatchObject({ status: 0, stderr: expect.stringContaining('2 recordings') })
    const page = readFileSync(file)
    const [, base64] = /id="data">([^<]*)</.exec(page.toString('latin1'))!
    const data = JSON.parse(gunzipSync(Buffer.from(base64!, 'base64')).toString('utf8')) as ReportData
    expect(data.inputs.map(({ kind }) => kind)).toEqual(['diagnosis', 'snapshot'])
    const [diagnosis, snapshot] = data.inputs.map(({ takenAt }) => Date.parse(takenAt!))
    expect(snapshot! - diagnosis!).toBeGreaterThan(4000)
    // One look cannot tell what changes; several can.
    expect(data.notLooked.map(({ what }) => what)).not.toContain('what changes')
    const recordings = [...pageRecordings(page, file)]
    expect(recordings.map(({ kind }) => kind)).toEqual(['diagnosis', 'snapshot'])
    const hosts = recordings.map(({ bytes }) => bytes.includes(`"${hostname()}"`))
    expect(hosts).toEqual(flags.length === 0 ? [true, true] : [false, false])
    expect(data.inputs.every(({ host }) => (host === hostname()) === (flags.length === 0))).toBe(true)
  })
})
