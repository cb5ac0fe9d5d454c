import type { Rule } from '../model.ts'
import type { Scene } from '../scene.ts'
import { contention } from './cpu/contention.ts'
import { busyPoll, notFound } from './cpu/in-vain.ts'
import { hogs, throttled } from './cpu/processor-time.ts'
import { tinyIo, tinyMessages } from './cpu/tiny-io.ts'
import { forkStorm, wakeups } from './cpu/wakeups.ts'

export const CPU_RULES: readonly Rule<Scene>[] = [
  {
    cause: 'busy-poll',
    family: 'cpu',
    looks: 2,
    needs: ['trace'],
    thresholds: ['busyPoll'],
    why: 'Reads and accepts that end with EAGAIN, and polls that return nothing at once.',
    find: busyPoll,
  },
  {
    cause: 'lock-contention',
    family: 'cpu',
    looks: 2,
    needs: ['trace'],
    thresholds: ['locks', 'crowd', 'futex'],
    why: 'Futex calls of a process with several threads, or of several processes of one name, that wait for a lock: a lock that is free costs none, and who waits for work waits for a condition. Fewer are enough where most threads wait for the same one in both looks, or where some do all the time while others never stop; where only calls were counted it takes more of them.',
    find: contention,
  },
  {
    cause: 'tiny-io',
    family: 'cpu',
    looks: 2,
    needs: ['root'],
    thresholds: ['tinyCalls', 'tinyBytes'],
    why: 'Bytes moved for each read or write, and how many there are.',
    find: scene => [...tinyIo(scene), ...tinyMessages(scene)],
  },
  {
    cause: 'enoent-storm',
    family: 'cpu',
    looks: 2,
    needs: ['trace'],
    thresholds: ['notFound'],
    why: 'Calls of one process that end with ENOENT, at least three for each file that it finds: an installation looks for many files that it then makes.',
    find: notFound,
  },
  {
    cause: 'wakeup-storm',
    family: 'cpu',
    looks: 2,
    needs: [],
    thresholds: ['wakeups'],
    why: 'Voluntary switches of a process that sleeps for a time or has a timer, and moves no data.',
    find: wakeups,
  },
  {
    cause: 'fork-storm',
    family: 'cpu',
    looks: 2,
    needs: ['trace'],
    thresholds: ['forks'],
    why: 'Processes started by one parent, as a rate over the whole look, since a shell starts some in a burst. Threads do not count.',
    find: forkStorm,
  },
  {
    cause: 'cpu-hog',
    family: 'cpu',
    looks: 2,
    needs: [],
    thresholds: ['hog'],
    why: 'A thread that is always on a processor or waiting for one, whose process reads and writes nothing and touches no new memory, and is not niced. Use of a processor alone is no finding: work that moves data or grows is work.',
    find: hogs,
  },
  {
    cause: 'cpu-throttled',
    family: 'cpu',
    looks: 2,
    needs: [],
    thresholds: ['throttled'],
    why: 'Periods in which the control group had used up its quota, of at least 5. The culprit is its busiest process.',
    find: throttled,
  },
]
