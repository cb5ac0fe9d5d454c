import type { Rule } from '../model.ts'
import type { Scene } from '../scene.ts'
import { deletedFiles, full, noInodes } from './disk/space.ts'
import { diskHog, runawayLogs, syncs, writesAtOnce } from './disk/writing.ts'

export const DISK_RULES: readonly Rule<Scene>[] = [
  {
    cause: 'disk-full',
    family: 'disk',
    looks: 1,
    needs: [],
    thresholds: ['spaceShare', 'spaceBytes'],
    why: 'A writable local filesystem has little space left, as a share and in bytes; with calls that failed with ENOSPC it is critical. Filesystems of every mount namespace count; those that may not answer are not asked.',
    find: full,
  },
  {
    cause: 'inodes-exhausted',
    family: 'disk',
    looks: 1,
    needs: [],
    thresholds: ['inodeShare'],
    why: 'As disk-full, of inodes.',
    find: noInodes,
  },
  {
    cause: 'deleted-file-space',
    family: 'disk',
    looks: 1,
    needs: ['root'],
    thresholds: ['deletedShare'],
    why: 'The blocks of deleted files that a process still holds, as a share of their filesystem.',
    find: deletedFiles,
  },
  {
    cause: 'fsync-storm',
    family: 'disk',
    looks: 2,
    needs: ['trace'],
    thresholds: ['syncs'],
    why: 'Calls of one process that wait for the disk to write; or small writes into a file that is open with O_SYNC or O_DSYNC, which reach the disk as whole pages.',
    find: scene => [...syncs(scene), ...writesAtOnce(scene)],
  },
  {
    cause: 'disk-hog',
    family: 'disk',
    looks: 2,
    needs: ['root'],
    thresholds: ['diskBusy'],
    why: 'A disk is busy with requests queueing, one process moves 30 % and more of the bytes, and others wait for the disk. A disk that is only busy is no finding.',
    find: diskHog,
  },
  {
    cause: 'runaway-log',
    family: 'disk',
    looks: 2,
    needs: ['root'],
    thresholds: ['log'],
    why: 'A file that is only appended to, and is opened so or called a log, grows fast. A copy or an archive is neither.',
    find: runawayLogs,
  },
]
