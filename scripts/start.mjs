// npm start: this machine's listeners; off Linux the same on the bundled recording.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const recording = join(root, 'fixtures/zoo.snap.json')
const args = ['-ntlp', ...process.argv.slice(2)]
if (process.platform !== 'linux') {
  process.stderr.write(`This is ${process.platform}, not Linux: showing the bundled recording ${recording}\n`)
  args.push('--from', recording)
}
process.exitCode =
  spawnSync(process.execPath, [join(root, 'bin/mynetstat.cjs'), ...args], { stdio: 'inherit' }).status ?? 1
