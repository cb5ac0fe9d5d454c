/** The answer to one `--fail-on`. */
export interface FailOnJson {
  /** As it was given. */
  condition: string
  /** `unknown`: as far as can be seen it is not met, but not all can be seen. */
  answer: 'met' | 'not-met' | 'unknown'
  /** Sockets that the filter selects. */
  sockets: number
  /** Sockets of which it is not known whether it does. */
  unknownSockets: number
  /** Of a condition with `by`: the groups above the limit, most sockets first. */
  groups?: { values: (string | null)[]; sockets: number }[] | undefined
}
