import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { limit, ratio, say } from './toolkit.mjs'

export const title = 'mynetstat --all-netns against ss in every network namespace'

const SCENE = fileURLToPath(new URL('../fixtures/programs/many-namespaces.py', import.meta.url))
const APART = ['--net', '--pid', '--fork', '--mount', '--mount-proc', '--kill-child']

export async function run(bench) {
  const count = bench.scaled(200)
  const load = `${count} network namespaces, a listener in each`
  if (process.getuid() !== 0) return [{ load, skipped: 'needs root, for network namespaces of its own' }]
  say(load)
  const scene = bench.start('unshare', [...APART, 'python3', SCENE, String(count)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  try {
    const status = await Promise.race([once(scene.stdout, 'data'), scene.ended])
    if (!Array.isArray(status)) return [{ load, skipped: `the load ended with ${status}` }]
    return [{ load, ...(await listings(bench, scene.pid, JSON.parse(status[0]).pids)) }]
  } finally {
    scene.stdin.end()
    await scene.ended
  }
}

async function listings(bench, unshare, pids) {
  const first = readFileSync(`/proc/${unshare}/task/${unshare}/children`, 'utf8').trim()
  const prefix = ['nsenter', '--target', first, '--mount', '--pid', '--net', '--']
  // What people run today: a child in each namespace; ip netns exec does the same and a mount besides.
  const each = command => [
    'sh',
    '-c',
    `for pid in ${pids.join(' ')}; do nsenter --net=/proc/$pid/ns/net ${command}; done`,
  ]
  const medians = await bench.compare(
    {
      'mynetstat -ntl': bench.linsight('mynetstat', '-ntl'),
      'mynetstat -ntl --all-netns': bench.linsight('mynetstat', '-ntl', '--all-netns'),
      'mynetstat -ntlp --all-netns': bench.linsight('mynetstat', '-ntlp', '--all-netns'),
      'mynetstat -antu --all-netns': bench.linsight('mynetstat', '-antu', '--all-netns'),
      'nsenter … ss -ntl': each('ss -ntl'),
      'nsenter … ss -ntlp': each('ss -ntlp'),
    },
    { prefix },
  )
  return {
    medians,
    ratios: [
      ratio(medians, 'wallMs', 'mynetstat -ntl --all-netns', 'nsenter … ss -ntl', 0.1),
      ratio(medians, 'wallMs', 'mynetstat -ntlp --all-netns', 'nsenter … ss -ntlp', 0.1),
    ],
    limits: [more(medians), limit(medians, 'wallMs', 'mynetstat -antu --all-netns')],
  }
}

/** What all the namespaces cost beside the one that mynetstat runs in. */
function more(medians) {
  const ours = 'mynetstat -ntl --all-netns, more than -ntl'
  const [all, one] = [medians['mynetstat -ntl --all-netns'], medians['mynetstat -ntl']]
  const row = { of: 'cpuMs', ours, bar: 100 }
  const failed = all.failed ?? one.failed
  return failed === undefined
    ? { ...row, value: Number((all.cpuMs - one.cpuMs).toFixed(1)) }
    : { ...row, missing: failed }
}
