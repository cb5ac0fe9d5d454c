export interface SshOptions {
  /** Another configuration than the user's own (ssh -F). */
  config?: string | undefined
  connectSeconds: number
  /** Where connections are kept for the next call; undefined where the user's configuration does that, or there is no place. */
  controlPath?: string | undefined
  /** Look as root, by `sudo -n`. */
  become?: boolean | undefined
}

/** Seconds that an unused connection is kept. */
export const PERSIST_SECONDS = 60

/**
 * The arguments of ssh(1) for one host. The configuration of the user holds, but for what would ask questions, forward
 * something, or run something else than a shell. The name stands behind `--`, and the command is one constant text.
 */
export function sshArguments(host: string, options: SshOptions): string[] {
  const { config, connectSeconds, controlPath, become } = options
  return [
    ...configArguments(config),
    '-T',
    '-C',
    ...[
      'BatchMode=yes',
      `ConnectTimeout=${connectSeconds}`,
      // A connection that is kept must not be one that has died.
      'ServerAliveInterval=5',
      'ServerAliveCountMax=3',
      'LogLevel=ERROR',
      'ClearAllForwardings=yes',
      'ForwardAgent=no',
      'ForwardX11=no',
      'RemoteCommand=none',
      ...(controlPath === undefined
        ? []
        : ['ControlMaster=auto', `ControlPath=${controlPath}`, `ControlPersist=${PERSIST_SECONDS}`]),
    ].flatMap(option => ['-o', option]),
    '--',
    host,
    become ? 'exec sudo -n sh -s' : 'exec sh -s',
  ]
}

/** The arguments that print which configuration holds for a host, without connecting. */
export function configurationArguments(host: string, config: string | undefined): string[] {
  return [...configArguments(config), '-G', '--', host]
}

const configArguments = (config: string | undefined) => (config === undefined ? [] : ['-F', config])

/** Whether `ssh -G` says that connections of this host are shared already: then theirs is the one that may be open. */
export function sharesConnections(configuration: string): boolean {
  return /^controlpath (?!none$)./im.test(configuration)
}
