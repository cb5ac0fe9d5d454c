import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ratio } from './toolkit.mjs'

export const title = 'the start of the one executable, against the Node that is inside'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = `node_modules/.cache/nodes/24/node_modules/node-${process.platform}-${process.arch}`
const load = 'the executable of npm run build:executable'

export async function run(bench) {
  const executable = join(root, 'out/linsight')
  const node = join(root, folder, 'bin/node')
  if (![executable, node].every(file => existsSync(file)))
    return [{ load, skipped: 'npm run build:executable makes it' }]
  const own = bin => join(root, `bin/${bin}.cjs`)
  const medians = await bench.compare(
    {
      'linsight --version': [executable, '--version'],
      'linsight --help': [executable, '--help'],
      'linsight mynetstat -ntlp': [executable, 'mynetstat', '-ntlp'],
      'node -e 0': [node, '-e', '0'],
      'node linsight.cjs --version': [node, own('linsight'), '--version'],
      'node mynetstat.cjs -ntlp': [node, own('mynetstat'), '-ntlp'],
    },
    { warmUps: 2 },
  )
  return [
    {
      load,
      medians,
      ratios: [
        ratio(medians, 'wallMs', 'linsight --version', 'node -e 0', 1.8),
        ratio(medians, 'wallMs', 'linsight --help', 'node -e 0', 2.2),
        ratio(medians, 'wallMs', 'linsight mynetstat -ntlp', 'node mynetstat.cjs -ntlp', 1),
      ],
      limits: [],
    },
  ]
}
