import { expect, test } from 'vitest'
import type { ToolItem } from './output/tool-item.ts'
import { TOOL_RECORDING_SCHEMA, type ToolRunHeader } from './tool-run.ts'
import { followTool } from './tool-session.ts'

const HEADER: ToolRunHeader = {
  schema: TOOL_RECORDING_SCHEMA,
  tool: 'opensnoop',
  family: 'libbpf',
  path: '/usr/sbin/opensnoop',
  args: [],
  host: 'h',
  kernel: '6.1',
  takenAt: '2026-01-01T00:00:00.000Z',
}
const END = { exitCode: 0, durationMs: 9, endedBy: 'interrupt' } as const

function follow(lines: string[], stderr: string[] = []) {
  const items: ToolItem[] = []
  const session = followTool(HEADER, item => items.push(item))
  for (const line of lines) session.line(line)
  for (const line of stderr) session.stderrLine(line)
  return { items, outcome: session.finish(END) }
}

test('items as they come, counted by kind', () => {
  const { items, outcome } = follow([
    'Tracing…',
    'PID    COMM              FD ERR PATH',
    '7      cat                3   0 /x',
    '!?',
  ])
  expect(items.map(item => item.type)).toEqual(['note', 'header', 'row', 'unparsed'])
  expect(outcome.counts).toEqual({ header: 1, row: 1, histogram: 0, stack: 0, note: 1, unparsed: 1 })
  expect(outcome.verdict.warnings.map(({ code }) => code)).toEqual(['lines-unknown'])
})

test('what waits for a further line comes at a pause or at the end', () => {
  const items: ToolItem[] = []
  const session = followTool(HEADER, item => items.push(item))
  session.line('     usecs               : count    distribution')
  session.line('         0 -> 1          : 3        |****|')
  expect(items).toEqual([])
  session.pause()
  expect(items).toHaveLength(1)
  session.finish(END)
  expect(items).toHaveLength(1)
})

test('losses are on stderr, too', () => {
  expect(follow([], ['lost 83 events on CPU #0', 'lost 2 events on CPU #1']).outcome.verdict.lostAtLeast).toBe(85)
})
