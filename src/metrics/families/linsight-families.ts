import type { FamilyFacts } from '../model.ts'

/** Families of findings, of bpf jobs, and of what linsight says of itself. */
export const OTHER_FAMILIES = {
  linsight_finding: {
    type: 'gauge',
    help: 'What linsight diagnose found in its last run: how many findings of this cause name this program.',
    labels: ['cause', 'severity', 'program'],
    why: 'what is wrong, as an alert; only with --findings',
  },
  linsight_findings_timestamp_seconds: {
    type: 'gauge',
    help: 'When the last run of linsight diagnose ended, in seconds since 1970.',
    labels: [],
    why: 'findings that are old',
  },
  linsight_findings_up: {
    type: 'gauge',
    help: '1 where the last run of linsight diagnose gave an answer, else 0.',
    labels: [],
    why: 'no findings and no answer are not the same',
  },
  linsight_bpf_job_up: {
    type: 'gauge',
    help: '1 while the tracer of this job runs and all its probes are attached, else 0.',
    labels: ['bpf_job'],
    why: 'whether its histogram still counts',
  },
  linsight_bpf_job_restarts_total: {
    type: 'counter',
    help: 'Times that the tracer of this job had to be started again.',
    labels: ['bpf_job'],
    why: 'a tracer that crashes or does not attach',
  },
  linsight_bpf_latency_seconds: {
    type: 'histogram',
    help: 'What a job of linsight bpf measured, in buckets of powers of two of a microsecond; the sum is estimated from their middles.',
    labels: ['bpf_job', 'key'],
    why: 'run queue, disk and system call latency; key is the disk or call, where a job tells them apart',
  },
  linsight_scrape_duration_seconds: {
    type: 'gauge',
    help: 'How long the parts of this answer took.',
    labels: ['part'],
    why: 'what linsight itself costs',
  },
  linsight_part_up: {
    type: 'gauge',
    help: '1 where this part of the answer could be read, else 0.',
    labels: ['part'],
    why: 'what is missing is said, not left out in silence',
  },
  linsight_owner_scans_total: {
    type: 'counter',
    help: 'Times that the descriptors of all processes were searched for the owners of sockets.',
    labels: [],
    why: 'what linsight itself costs',
  },
  linsight_owner_scan_age_seconds: {
    type: 'gauge',
    help: 'How long ago the search that owners are from began.',
    labels: [],
    why: 'how old the labels program, unit and container may be',
  },
  linsight_owners_stale: {
    type: 'gauge',
    help: '1 where sockets were counted without owner because a search for it is due or under way, else 0.',
    labels: [],
    why: 'a search that is slower than the scrape timeout',
  },
  linsight_unreadable_processes: {
    type: 'gauge',
    help: 'Processes whose descriptors could not be read: their sockets have no owner here.',
    labels: [],
    why: 'rights that are missing',
  },
  linsight_unreadable_namespaces: {
    type: 'gauge',
    help: 'Network namespaces that could not be read; only with --all-netns.',
    labels: [],
    why: 'rights that are missing',
  },
  linsight_folded_series: {
    type: 'gauge',
    help: 'Series that have none of their own because their family has too many: they are in the one labelled other.',
    labels: ['family'],
    why: 'whether the cap (--max-series) hides something',
  },
  linsight_build_info: {
    type: 'gauge',
    help: 'Which linsight answers; always 1.',
    labels: ['version', 'node'],
    why: 'versions across machines',
  },
  linsight_process_cpu_seconds_total: {
    type: 'counter',
    help: 'Processor time that linsight itself has used.',
    labels: [],
    why: 'what linsight itself costs',
  },
  linsight_process_resident_memory_bytes: {
    type: 'gauge',
    help: 'Memory that linsight itself has resident.',
    labels: [],
    why: 'what linsight itself costs',
  },
  linsight_process_start_time_seconds: {
    type: 'gauge',
    help: 'When linsight started, in seconds since 1970.',
    labels: [],
    why: 'restarts: counters of linsight began there',
  },
} as const satisfies Record<string, FamilyFacts>
