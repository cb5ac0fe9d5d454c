import { ToolError } from '../errors.ts'
import { startTool } from './child-tool.ts'

/** Runs a short call of a tool (`--version`) to its end and returns what it printed. */
export async function readTool(
  file: string,
  args: readonly string[],
  limits: { timeoutMs?: number; maxBytes?: number } = {},
): Promise<{ stdout: string; stderr: string; exitCode: number | undefined }> {
  const { timeoutMs = 5000, maxBytes = 1024 * 1024 } = limits
  const chunks: Buffer[] = []
  let bytes = 0
  const tool = await startTool({
    file,
    args,
    onChunk(chunk) {
      bytes += chunk.length
      if (bytes <= maxBytes) chunks.push(chunk)
    },
  })
  let late = false
  const timer = setTimeout(() => {
    late = true
    tool.kill()
  }, timeoutMs)
  const { stderr, exitCode } = await tool.ended.finally(() => clearTimeout(timer))
  if (late) throw new ToolError(`${file} ${args.join(' ')} did not answer within ${timeoutMs / 1000} s and was killed`)
  return { stdout: Buffer.concat(chunks).toString('latin1'), stderr, exitCode }
}
