/** Every name on the PATH and the one command it runs; `linsight` runs them all. */
export const BINS: Readonly<Record<string, string | undefined>> = {
  linsight: undefined,
  mynetstat: 'mynetstat',
  'tw-stats': 'tw-stats',
  'trace-syscalls': 'trace-syscalls',
}

/** Topics of the umbrella command, as `linsight --help` lists them. */
export const TOPICS: Readonly<Record<string, { description: string }>> = {
  bpf: { description: 'trace with bpftrace and the BCC tools: one front end, one typed stream' },
  metrics: { description: 'sockets, queues, local ports and traffic by program, for Prometheus' },
  snapshot: { description: 'record what the commands read, and look into a recording' },
}
