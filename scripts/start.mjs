// npm start: who listens on this machine, and what is wrong with it; off Linux the same of recordings that are bundled.
// npm start -- WORDS: linsight with these words.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const given = process.argv.slice(2)
const isHere = process.platform === 'linux'
const recorded = file => (isHere ? [] : ['--from', `fixtures/${file}`])

/** Findings are an answer, not a failure of npm. */
const firstLook = [
  ['mynetstat', '-ntlp', ...recorded('zoo.snap.json')],
  ['linsight', 'diagnose', '--fail-on', 'never', ...recorded('diagnose/accept-queue-full.diag.json')],
]

/** Its exit status. */
function run([bin, ...words]) {
  return (
    spawnSync(process.execPath, [join(root, `bin/${bin}.cjs`), ...words], { cwd: root, stdio: 'inherit' }).status ?? 1
  )
}

if (given.length > 0) process.exitCode = run(['linsight', ...given])
else {
  if (!isHere) process.stdout.write(`This is ${process.platform}, not Linux: recordings are shown.\n`)
  for (const line of firstLook) {
    process.stdout.write(`\n$ ${line.join(' ')}\n`)
    process.exitCode ||= run(line)
  }
}
