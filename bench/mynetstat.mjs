import { join } from 'node:path'

export const title = 'mynetstat against netstat, ss, lsof and the least any reader of /proc can do'

/** Sockets, processes, and the peers that are asked. */
const MEDIUM = { sockets: 50_000, processes: 200 }
const LARGE = { sockets: 200_000, processes: 2_000 }

export async function run(bench) {
  const mynetstat = (...args) => [process.execPath, join(bench.root, 'bin/mynetstat.cjs'), ...args]
  const loads = [idle(bench, mynetstat)]
  const medium = await underLoad(bench, MEDIUM, prefix => many(bench, mynetstat, prefix))
  loads.push(medium)
  if (bench.large) loads.push(await underLoad(bench, LARGE, prefix => huge(bench, mynetstat, prefix, medium)))
  return loads
}

function idle(bench, mynetstat) {
  const medians = bench.compare(
    {
      'mynetstat -ntlp': mynetstat('-ntlp'),
      'netstat -ntlp': ['netstat', '-ntlp'],
      'node -e 0': [process.execPath, '-e', '0'],
    },
    { rounds: 4 * bench.runs, warmUps: 3 },
  )
  const [ours, netstat, node] = Object.values(medians)
  return {
    load: 'this machine as it is',
    medians,
    ratios: [
      ...bench.ratio('wall ÷ (node -e 0 + netstat)', ours.wallMs, node.wallMs + netstat.wallMs, 1.4),
      ...bench.ratio('cpu ÷ (node -e 0 + netstat)', ours.cpuMs, node.cpuMs + netstat.cpuMs, 1.4),
    ],
  }
}

async function underLoad(bench, { sockets, processes }, compare) {
  const load = await bench.hold('unshare', ['--net', bench.compile('load'), String(sockets), String(processes)])
  try {
    return {
      load: `${sockets} sockets in ${processes} processes`,
      ...compare(['nsenter', `--net=/proc/${load.pid}/ns/net`]),
    }
  } finally {
    await load.release()
  }
}

function many(bench, mynetstat, prefix) {
  const medians = bench.compare(
    {
      'mynetstat -antp': mynetstat('-antp'),
      'ss -antp': ['ss', '-antp'],
      'netstat -antp': ['netstat', '-antp'],
      'lsof -nPiTCP': ['lsof', '-nPiTCP'],
      floor: [bench.compile('floor')],
      'mynetstat -ntlp': mynetstat('-ntlp'),
      'ss -ntlp': ['ss', '-ntlp'],
    },
    { prefix },
  )
  const [ours, ss, netstat, lsof, floor, listeners, ssListeners] = Object.values(medians)
  return {
    medians,
    ratios: [
      ...bench.ratio('-antp wall ÷ ss', ours.wallMs, ss.wallMs, 0.6),
      ...bench.ratio('-antp wall ÷ netstat', ours.wallMs, netstat.wallMs, 0.5),
      ...bench.ratio('-antp wall ÷ lsof', ours.wallMs, lsof.wallMs),
      ...bench.ratio('-antp wall ÷ floor', ours.wallMs, floor.wallMs, 2.5),
      ...bench.ratio('-antp peak RSS in MB', ours.rssMb, 1, 250),
      ...bench.ratio('-ntlp wall ÷ ss', listeners.wallMs, ssListeners.wallMs, 0.6),
    ],
  }
}

function huge(bench, mynetstat, prefix, { medians: { 'mynetstat -antp': medium } }) {
  const medians = bench.compare(
    {
      'mynetstat -antp': mynetstat('-antp'),
      'ss -antp': ['ss', '-antp'],
      'netstat -antp': ['netstat', '-antp'],
      floor: [bench.compile('floor')],
    },
    { prefix, rounds: 3, warmUps: 0 },
  )
  const [ours, ss, netstat, floor] = Object.values(medians)
  return {
    medians,
    ratios: [
      ...bench.ratio('-antp wall ÷ ss', ours.wallMs, ss.wallMs, 0.25),
      ...bench.ratio('-antp wall ÷ netstat', ours.wallMs, netstat.wallMs),
      ...bench.ratio('-antp wall ÷ floor', ours.wallMs, floor.wallMs),
      ...bench.ratio('-antp peak RSS in MB', ours.rssMb, 1, 300),
      ...bench.ratio('-antp wall ÷ 50000 sockets', ours.wallMs, medium.wallMs, 4.5),
    ],
  }
}
