import * as Flags from '@oclif/core/flags'

/** What changed among sockets. */
export const changeFlags = {
  watch: Flags.boolean({
    description: 'first all, then only what comes, goes and changes, every SECONDS (default 1)',
    helpGroup: 'question',
  }),
}
