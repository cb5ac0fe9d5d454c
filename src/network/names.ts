/** Names for addresses, resolved before anything is rendered; undefined where there is none: the number is shown then. */
export interface RouteNames {
  host(address: string): string | undefined
  /** Of /etc/networks. */
  network(address: string): string | undefined
}

/** -n: every address as it is. */
export const NO_NAMES: RouteNames = { host: () => undefined, network: () => undefined }
