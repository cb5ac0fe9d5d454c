// Programs of the documentation: ```js, with what it prints in the ```text behind it, or ```js live.
import { copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT, ZOO } from './paths.ts'
import { run, type Output } from './run.ts'
import { temporaryFolder } from './temporary-folder.ts'

export interface DocProgram {
  text: string
  live: boolean
  /** What it prints; undefined where that depends on the machine. */
  output: string | undefined
  /** Where its output stands in the page. */
  from: number
  to: number
}

export function programsOf(page: string, text = readFileSync(join(ROOT, page), 'utf8')): DocProgram[] {
  return [...text.matchAll(/^```js( live)?\n([^]*?)^```$(?:\n\n```text\n([^]*?)^```$)?/gm)].map(match => {
    const [whole, live, body = '', output] = match
    const to = match.index + whole.length - '```'.length
    return { text: body, live: live !== undefined, output, from: to - (output ?? '').length, to }
  })
}

/** Runs it in a project that has the package, beside a recording `web1.snap.json`. */
export function runProgram({ text }: DocProgram): Output {
  const project = temporaryFolder()
  mkdirSync(join(project, 'node_modules'))
  symlinkSync(ROOT, join(project, 'node_modules/linsight'))
  copyFileSync(ZOO, join(project, 'web1.snap.json'))
  writeFileSync(join(project, 'program.mjs'), text)
  return run(process.execPath, ['program.mjs'], { cwd: project })
}
