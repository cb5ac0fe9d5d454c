import { InputError } from '../../errors.ts'
import type { ToolItem } from './output/tool-item.ts'
import { TOOL_RECORDING_SCHEMA, type ToolOutcome, type ToolRunEnd, type ToolRunHeader } from './tool-run.ts'
import type { LineWriter, RecordedLines } from '../../proc/line-file.ts'
import { followTool } from './tool-session.ts'

/** What the lines of a recording begin with; the tool's own follow behind it, so that none can pass for a note of the recorder. */
const STDOUT = '> '
const STDERR = '! '

/** Records a run while it happens. */
export function toolRecorder(writer: LineWriter, header: ToolRunHeader) {
  const json = (value: unknown) => writer.line(Buffer.from(JSON.stringify(value), 'utf8').toString('latin1'))
  json(header)
  return {
    line: (line: string) => writer.line(STDOUT + line),
    stderrLine: (line: string) => writer.line(STDERR + line),
    end(end: ToolRunEnd): Promise<void> {
      json(end)
      return writer.close()
    },
  }
}

/** Whether it is the recording of a tool, judged by its first line. */
export function isToolRecording({ first = '' }: RecordedLines): boolean {
  return headerOf(first)?.schema === TOOL_RECORDING_SCHEMA
}

/** Reads a recording through the code a live run goes through. A run whose end is missing was cut short. */
export async function replayTool(
  recording: RecordedLines,
  begin: (header: ToolRunHeader) => (item: ToolItem) => void,
): Promise<ToolOutcome> {
  let session: ReturnType<typeof followTool> | undefined
  let end: ToolRunEnd | undefined
  const { path } = recording
  await recording.each(line => {
    if (session === undefined) {
      const header = headerOf(line)
      const complete = typeof header?.tool === 'string' && typeof header.path === 'string' && Array.isArray(header.args)
      if (!complete)
        throw new InputError('input-format', `the recording ${path} is damaged: its header is not complete`)
      session = followTool(header as ToolRunHeader, begin(header as ToolRunHeader))
    } else if (line.startsWith(STDOUT)) session.line(line.slice(STDOUT.length))
    else if (line.startsWith(STDERR)) session.stderrLine(line.slice(STDERR.length))
    else end = (jsonOf(line) as ToolRunEnd | undefined) ?? end
  })
  if (session === undefined) throw new InputError('input-format', `${path} is empty, so it is no recording`)
  return session.finish(end ?? { durationMs: 0, endedBy: 'kill' })
}

function headerOf(line: string): Partial<ToolRunHeader> | undefined {
  const header = jsonOf(line)
  return typeof header === 'object' && header !== null ? header : undefined
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(Buffer.from(line, 'latin1').toString('utf8'))
  } catch {
    return undefined
  }
}
