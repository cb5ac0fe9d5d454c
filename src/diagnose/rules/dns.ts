import type { Finding, Rule } from '../model.ts'
import type { ObservedNamespace } from '../observed/sockets.ts'
import { accuse, over } from '../accuse.ts'
import type { Scene } from '../scene.ts'
import { THRESHOLDS } from '../thresholds.ts'

/** Share of the samples in which a process waits for some answer, each of them for more than one sample. */
const MOSTLY = 0.8
const LEAST_SAMPLES = 5

interface Waiting {
  server: string
  /** Samples in which a socket of it waits that the sample before shows too. */
  samples: number
  /** The longest a single socket was seen. */
  longest: number
  /** A program that keeps one socket for all questions, and gets answers. */
  answered: boolean
}

/** Who waits for name servers: pid → what was seen. */
function waiting(scene: Scene, { lookups = [] }: ObservedNamespace): Map<number, Waiting> {
  const runs = new Map<string, number>()
  const longest = new Map<number, Waiting>()
  for (const sample of lookups) {
    const now = new Set(sample)
    for (const line of runs.keys()) if (!now.has(line)) runs.delete(line)
    const counted = new Set<number>()
    for (const line of now) {
      const run = (runs.get(line) ?? 0) + 1
      runs.set(line, run)
      if (run < 2) continue
      const [inode = '', server = ''] = line.split(' ')
      for (const { pid } of scene.owners(inode)) {
        const known = longest.get(pid) ?? { server, samples: 0, longest: 0, answered: false }
        known.answered ||= run >= lookups.length - 1 && isAnswered(scene, inode)
        if (!counted.has(pid)) known.samples += 1
        counted.add(pid)
        known.longest = Math.max(known.longest, run)
        longest.set(pid, known)
      }
    }
  }
  return longest
}

/** Answers come on the socket, one at least in the time that is too long for one. */
function isAnswered(scene: Scene, inode: string): boolean {
  const { trace, socketOwners } = scene.seen
  const answers = (trace?.answers ?? [])
    .filter(({ pid, fd }) => socketOwners[inode]?.some(holder => holder.pid === pid && holder.fd === fd))
    .reduce((sum, { count }) => sum + count, 0)
  return answers > 0 && answers >= (trace?.durationMs ?? 0) / THRESHOLDS.lookup.value
}

/** Time between two samples, milliseconds. */
const SAMPLE_MS = 400

function timeouts(scene: Scene): Finding[] {
  return scene.seen.namespaces.flatMap(namespace => {
    const { lookups = [] } = namespace
    return [...waiting(scene, namespace)].flatMap(([pid, { server, samples, longest, answered }]) => {
      const ms = (longest - 1) * SAMPLE_MS
      const always = lookups.length >= LEAST_SAMPLES && samples >= (lookups.length - 1) * MOSTLY
      if (answered || scene.isObserver(pid) || (ms < THRESHOLDS.lookup.value && !always)) return []
      return [
        accuse('dns-timeout', 'critical', `waits for the name server ${server}, which does not answer`, {
          culprits: scene.askedBy(pid),
          measures: [
            over('lookup', 'one question was open for at least', ms, 'net/udp'),
            {
              what: 'of the looks in which a question was open',
              value: `${samples} of ${lookups.length}`,
              source: 'net/udp',
            },
          ],
          do: [`look whether ${server} is up, and at /etc/resolv.conf: another server first, options timeout:1`],
          not: ['the program: it asks as it should'],
          more: 'linsight bpf run gethostlatency',
          reach: samples,
        }),
      ]
    })
  })
}

function notExisting(scene: Scene): Finding[] {
  return scene.steadyRates(scene.seen.trace?.notExisting).flatMap(({ process: { pid }, rate }) => {
    if (rate < THRESHOLDS.nxdomain.value) return []
    return [
      accuse('dns-nxdomain', 'warning', 'asks for names that do not exist', {
        culprits: [scene.named(pid)],
        measures: [over('nxdomain', 'answers NXDOMAIN a second', rate, 'what it receives')],
        do: ['look at ndots and the search domains of /etc/resolv.conf; a dot at the end of a name stops the search'],
        more: `linsight bpf run gethostlatency --pid ${pid}`,
        reach: Math.round(rate),
      }),
    ]
  })
}

export const DNS_RULES: readonly Rule<Scene>[] = [
  {
    cause: 'dns-timeout',
    family: 'dns',
    looks: 2,
    needs: [],
    thresholds: ['lookup'],
    why: 'A UDP socket towards port 53 stays open: a question without an answer is a state, which tracing of finished lookups does not show. Either one socket lasts as long as the threshold, or some question is open nearly all the time. A socket that is kept for all questions and on which answers come is none.',
    find: timeouts,
  },
  {
    cause: 'dns-nxdomain',
    family: 'dns',
    looks: 2,
    needs: ['trace'],
    thresholds: ['nxdomain'],
    why: 'Datagrams that a process receives are answers with the code NXDOMAIN.',
    find: notExisting,
  },
]
