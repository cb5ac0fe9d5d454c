import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { isToolRecording, replayTool, toolRecorder } from './tool-recording.ts'
import { followTool } from './tool-session.ts'
import type { ToolItem } from './output/tool-item.ts'
import { TOOL_RECORDING_SCHEMA, type ToolOutcome, type ToolRunEnd, type ToolRunHeader } from './tool-run.ts'
import { openLines, writeLines } from '../../proc/line-file.ts'
import { fixture } from '../../../test/support/paths.ts'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'

const TOOLS = fixture('bpf/tools/')
const folder = temporaryFolder()

const HEADER: ToolRunHeader = {
  schema: TOOL_RECORDING_SCHEMA,
  tool: 'opensnoop',
  family: 'libbpf',
  path: '/usr/sbin/opensnoop',
  args: ['-T', 'café'],
  host: 'vm',
  kernel: '6.18.0',
  takenAt: '2026-11-20T12:00:00.000Z',
}
const END: ToolRunEnd = { exitCode: 0, durationMs: 1234, endedBy: 'interrupt' }

/** A run, seen live and written down. */
async function record(file: string, header: ToolRunHeader, stdout: string, stderr = '') {
  const items: ToolItem[] = []
  const session = followTool(header, item => items.push(item))
  const recorder = toolRecorder(await writeLines(file), header)
  for (const line of stdout.split('\n')) {
    recorder.line(line)
    session.line(line)
  }
  for (const line of stderr.split('\n')) {
    recorder.stderrLine(line)
    session.stderrLine(line)
  }
  await recorder.end(END)
  return { items, outcome: session.finish(END) }
}

async function replay(file: string): Promise<{ items: ToolItem[]; outcome: ToolOutcome }> {
  const items: ToolItem[] = []
  const outcome = await replayTool(await openLines(file), () => item => items.push(item))
  return { items, outcome }
}

describe('a recorded run of a tool', () => {
  test.each([
    ['libbpf-0.26/opensnoop.txt', 'opensnoop'],
    ['libbpf-0.26-flags/runqlat_P.txt', 'runqlat'],
    ['libbpf-0.26/offcputime.txt', 'offcputime'],
    ['bpftrace-0.17/bitesize.txt', 'bitesize'],
  ])('%s: the replay is the run', async (text, tool) => {
    const file = join(folder, `${tool}.rec`)
    const stdout = readFileSync(`${TOOLS}${text}`, 'latin1')
    const live = await record(file, { ...HEADER, tool }, stdout, 'lost 83 events on CPU #0')
    expect(isToolRecording(await openLines(file))).toBe(true)
    expect(await replay(file)).toEqual(live)
    expect(live.outcome.verdict.lostAtLeast).toBe(83)
    expect(live.items.length).toBeGreaterThan(5)
  })

  test('gzip is told by its content', async () => {
    const file = join(folder, 'plain.rec')
    const live = await record(file, HEADER, 'PID    COMM              FD ERR PATH\n1      a                  3   0 /x')
    const packed = join(folder, 'packed')
    writeFileSync(packed, gzipSync(readFileSync(file)))
    expect(isToolRecording(await openLines(packed))).toBe(true)
    expect(await replay(packed)).toEqual(live)
  })

  test('bytes survive, and no line of the tool passes for one of ours', async () => {
    const file = join(folder, 'hostile.rec')
    const stdout = `PID    COMM              FD ERR PATH\n1      \xff\x1b[2J            3   0 /caf\xc3\xa9\n${JSON.stringify({ endedBy: 'kill', durationMs: 1 })}\n> x\n! lost 99 events on CPU #1`
    const live = await record(file, HEADER, stdout)
    const again = await replay(file)
    expect(again).toEqual(live)
    expect(again.outcome.end).toEqual(END)
    expect(again.outcome.header.args).toEqual(['-T', 'café'])
  })

  test('a recording that was cut says so', async () => {
    const file = join(folder, 'cut.rec')
    await record(file, HEADER, 'PID    COMM              FD ERR PATH\n1      a                  3   0 /x')
    const text = readFileSync(file, 'latin1')
    writeFileSync(file, text.slice(0, text.lastIndexOf('{') + 5), 'latin1')
    const { outcome } = await replay(file)
    expect(outcome.verdict.warnings.map(warning => warning.code)).toEqual(['ended-by-force'])
    expect(outcome.counts.row).toBe(1)
  })

  test.each([
    ['missing', undefined, 'input-missing'],
    ['empty', '', 'input-format'],
    ['no JSON', 'hello\n', 'input-format'],
    ['half a header', `{"schema":"${TOOL_RECORDING_SCHEMA}"}\n`, 'input-format'],
  ])('%s: one sentence', async (name, text, code) => {
    const file = join(folder, `${name}.rec`)
    if (text !== undefined) writeFileSync(file, text)
    await expect(replay(file)).rejects.toMatchObject({ code })
  })
})
