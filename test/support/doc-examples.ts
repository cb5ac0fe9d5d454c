import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { ROOT } from './paths.ts'

/** Every page that users and contributors read, relative to the root. */
export const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  ...readdirSync(join(ROOT, 'docs')).map(name => `docs/${name}`),
].filter(name => name.endsWith('.md'))

export interface Step {
  command: string
  output: string
}

/**
 * A block of a page that shows commands with their output: ```` ```console ````, where the output is exactly what the
 * commands print, or ```` ```console live ````, where it depends on the machine.
 */
export interface Example {
  page: string
  live: boolean
  steps: Step[]
  /** Where its lines stand in the page. */
  from: number
  to: number
}

export function examplesOf(page: string, text = readFileSync(join(ROOT, page), 'utf8')): Example[] {
  return [...text.matchAll(/^```console( live)?\n([^]*?)^```$/gm)].map(match => {
    const [whole, live, body = ''] = match
    const to = match.index + whole.length - '```'.length
    return { page, live: live !== undefined, steps: stepsOf(body), from: to - body.length, to }
  })
}

function stepsOf(body: string): Step[] {
  return body
    .split(/^\$ /m)
    .slice(1)
    .map(step => {
      const end = step.indexOf('\n')
      return { command: step.slice(0, end), output: step.slice(end + 1) }
    })
}

export interface Ran {
  stdout: string
  stderr: string
  status: number | null
}

/** A shell in which the commands of this package are on the PATH. */
export class DocShell {
  readonly #bins = mkdtempSync(join(tmpdir(), 'linsight-docs-'))

  constructor() {
    const { bin } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { bin: Record<string, string> }
    for (const [name, file] of Object.entries(bin)) {
      const shim = join(this.#bins, name)
      writeFileSync(shim, `#!/bin/sh\nexec '${process.execPath}' '${join(ROOT, file)}' "$@"\n`)
      chmodSync(shim, 0o755)
    }
  }

  run(script: string, cwd: string): Ran {
    const { stdout, stderr, status } = spawnSync('sh', ['-c', script], {
      cwd,
      encoding: 'utf8',
      env: {
        ...process.env,
        PATH: `${this.#bins}${delimiter}${process.env['PATH']}`,
        LINSIGHT_FROM: '',
        NO_COLOR: '1',
        TZ: 'UTC',
        LC_ALL: 'C',
      },
      maxBuffer: 64 * 1024 * 1024,
      timeout: 30_000,
    })
    return { stdout, stderr, status }
  }

  /** Runs the steps of a live example one behind the other, in a folder of their own; what each printed. */
  runLive({ steps }: Example): Ran[] {
    const folder = mkdtempSync(join(tmpdir(), 'linsight-docs-'))
    try {
      const settings: string[] = []
      return steps.map(({ command }) => {
        if (command.startsWith('export ')) settings.push(command)
        return this.run([...settings, command].join('\n'), folder)
      })
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }

  dispose(): void {
    rmSync(this.#bins, { recursive: true, force: true })
  }
}
