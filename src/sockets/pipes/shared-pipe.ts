/** A pipe or eventfd that processes have open. */
export interface SharedPipe {
  kind: 'pipe' | 'eventfd'
  /** Inode of a pipe, number of an eventfd (kernels since 5.2). A string: an inode may exceed 2^53. */
  id: string
  /** In the order of their pids. */
  holders: PipeHolder[]
}

export interface PipeHolder {
  pid: number
  /** A byte string. */
  program: string
  fds: number[]
  /** Undefined where the descriptor's flags could not be read. */
  reads?: boolean | undefined
  writes?: boolean | undefined
}
