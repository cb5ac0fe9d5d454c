import type { BpfMachine } from './machine.ts'
import { readTool } from '../../../children/read-tool.ts'

/** Runs what was found of bpftrace and one tool of each family, and returns the first line each calls its version. */
export async function readVersions({ programs }: BpfMachine): Promise<Record<string, string>> {
  const one = (family: string) => programs.tools.find(tool => tool.family === family && tool.name === 'execsnoop')?.path
  // BCC tools have no version of their own; the library they are written with has.
  const bcc = programs.tools.some(tool => tool.family === 'bcc') ? '/usr/bin/python3' : undefined
  const calls: [string, string | undefined, string[]][] = [
    ['bpftrace', programs.bpftrace, ['--version']],
    ['libbpf-tools', one('libbpf'), ['--version']],
    ['bcc', bcc, ['-c', 'import bcc; print(bcc.__version__)']],
  ]
  const answers = await Promise.all(
    calls.map(
      async ([name, file, args]) => [name, file === undefined ? 'not found' : await firstLine(file, args)] as const,
    ),
  )
  return Object.fromEntries(answers)
}

async function firstLine(file: string, args: string[]): Promise<string> {
  try {
    const { stdout, stderr } = await readTool(file, args)
    return (
      `${stdout}\n${stderr}`
        .split('\n')
        .find(line => line.trim() !== '')
        ?.trim() ?? 'printed nothing'
    )
  } catch (error) {
    return (error as Error).message
  }
}
