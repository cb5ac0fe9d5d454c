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
  let timer: NodeJS.Timeout | undefined
  // What hangs in the kernel cannot be killed, so its end is not waited for.
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      tool.kill()
      reject(new ToolError(`${file} ${args.join(' ')} did not answer within ${timeoutMs / 1000} s and was killed`))
    }, timeoutMs)
  })
  const { stderr, exitCode } = await Promise.race([tool.ended, late]).finally(() => clearTimeout(timer))
  return { stdout: Buffer.concat(chunks).toString('latin1'), stderr, exitCode }
}
