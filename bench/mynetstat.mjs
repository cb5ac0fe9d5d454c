import { grouped } from './figures.mjs'
import { limit, ratio, ratioOf } from './toolkit.mjs'

export const title = 'mynetstat against netstat, ss, lsof and the least any reader of /proc can do'

export async function run(bench) {
  const loads = [await idle(bench)]
  const size = bench.scaled(50_000)
  const medium = await many(bench, size, 500)
  loads.push(await others(bench, size, 10), medium)
  if (!bench.large) return loads
  loads.push(await others(bench, size, 2000))
  // ss and netstat take half a minute a run here: one round where no bar depends on it.
  loads.push(
    await others(bench, 4 * size, 10, { rounds: 1, warmUps: 0 }),
    await others(bench, 4 * size, 500, { rounds: 1, warmUps: 0 }),
  )
  loads.push(await huge(bench, 4 * size, medium))
  return loads
}

async function idle(bench) {
  const medians = await bench.compare(
    {
      'mynetstat -ntlp': bench.linsight('mynetstat', '-ntlp'),
      'mynetstat -ntl': bench.linsight('mynetstat', '-ntl'),
      'ss -ntl': ['ss', '-ntl'],
      'linsight --version': bench.linsight('linsight', '--version'),
      'linsight --help': bench.linsight('linsight', '--help'),
      'netstat -ntlp': ['netstat', '-ntlp'],
      'node -e 0': [process.execPath, '-e', '0'],
    },
    { rounds: 4 * bench.runs, warmUps: 3 },
  )
  const both = ['node -e 0', 'netstat -ntlp']
  return {
    load: 'this machine as it is',
    medians,
    ratios: [
      ratio(medians, 'wallMs', 'mynetstat -ntlp', both, 1.45),
      ratio(medians, 'cpuMs', 'mynetstat -ntlp', both, 1.45),
      ratio(medians, 'wallMs', 'mynetstat -ntl', ['node -e 0', 'ss -ntl']),
      ratio(medians, 'cpuMs', 'mynetstat -ntl', ['node -e 0', 'ss -ntl']),
      ratio(medians, 'wallMs', 'linsight --version', 'node -e 0', 1.6),
      ratio(medians, 'wallMs', 'linsight --help', 'node -e 0', 1.8),
    ],
  }
}

/** Sockets spread over processes, and what is asked of them. */
function spread(bench, sockets, processes, compare) {
  const load = `${grouped(sockets)} sockets in ${processes} processes`
  return bench.underLoad(load, ['sockets', sockets, processes], compare)
}

const everything = bench => ({
  'mynetstat -antp': bench.linsight('mynetstat', '-antp'),
  'ss -antp': ['ss', '-antp'],
  'netstat -antp': ['netstat', '-antp'],
  floor: [bench.compile('floor')],
})

function many(bench, sockets, processes) {
  return spread(bench, sockets, processes, async prefix => {
    const commands = {
      ...everything(bench),
      'lsof -nPiTCP': ['lsof', '-nPiTCP'],
      'mynetstat -ntlp': bench.linsight('mynetstat', '-ntlp'),
      'ss -ntlp': ['ss', '-ntlp'],
      'mynetstat -antp --tcp-info': bench.linsight('mynetstat', '-antp', '--tcp-info'),
      'ss -antpi': ['ss', '-antpi'],
    }
    const medians = await bench.compare(commands, { prefix })
    return {
      medians,
      ratios: [
        ratio(medians, 'wallMs', 'mynetstat -antp', 'ss -antp', 0.6),
        ratio(medians, 'wallMs', 'mynetstat -antp', 'netstat -antp', 0.5),
        ratio(medians, 'wallMs', 'mynetstat -antp', 'floor', 2.5),
        ratio(medians, 'wallMs', 'mynetstat -antp', 'lsof -nPiTCP'),
        ratio(medians, 'wallMs', 'mynetstat -ntlp', 'ss -ntlp', 0.6),
        ratio(medians, 'wallMs', 'mynetstat -antp --tcp-info', 'mynetstat -antp', 1.5),
        ratio(medians, 'cpuMs', 'mynetstat -antp --tcp-info', 'mynetstat -antp', 1.5),
        ratio(medians, 'wallMs', 'mynetstat -antp --tcp-info', 'ss -antpi'),
      ],
      limits: [limit(medians, 'rssMb', 'mynetstat -antp', 250)],
    }
  })
}

/** The same sockets in other numbers of processes: no bars. */
function others(bench, sockets, processes, turns) {
  return spread(bench, sockets, processes, async prefix => {
    const medians = await bench.compare(everything(bench), { prefix, ...turns })
    return {
      medians,
      ratios: ['ss -antp', 'netstat -antp'].map(peer => ratio(medians, 'wallMs', 'mynetstat -antp', peer)),
    }
  })
}

function huge(bench, sockets, medium) {
  return spread(bench, sockets, 2000, async prefix => {
    const medians = await bench.compare(everything(bench), { prefix, rounds: Math.min(3, bench.runs), warmUps: 0 })
    const ours = medians['mynetstat -antp']
    const before = medium.medians?.['mynetstat -antp']
    const growth = { of: 'wallMs', ours: 'mynetstat -antp', peer: 'mynetstat -antp', peerLoad: medium.load, bar: 4.5 }
    return {
      medians,
      ratios: [
        ratio(medians, 'wallMs', 'mynetstat -antp', 'ss -antp', 0.25),
        ratio(medians, 'wallMs', 'mynetstat -antp', 'netstat -antp'),
        ratio(medians, 'wallMs', 'mynetstat -antp', 'floor'),
        ours.wallMs && before?.wallMs
          ? ratioOf(growth, ours.wallMs, before.wallMs)
          : { ...growth, missing: ours.failed ?? before?.failed ?? medium.skipped },
      ],
      limits: [limit(medians, 'rssMb', 'mynetstat -antp', 300)],
    }
  })
}
