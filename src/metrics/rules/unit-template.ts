/** What stands for the part of a name that is made up anew each time. */
const ANY = '*'

/**
 * A systemd unit without what makes its name unbounded: `foo@123.service` is its template `foo@.service`, a transient
 * scope or service loses its number (`session-7.scope` → `session-*.scope`), and a container's loses its id.
 *
 * Source: systemd.unit(5), systemd-run(1).
 */
export function unitTemplate(unit: string): string {
  const at = unit.indexOf('@')
  const dot = unit.lastIndexOf('.')
  if (at > 0 && dot > at) return `${unit.slice(0, at + 1)}${unit.slice(dot)}`
  return unit.replace(LONG_ID, ANY).replace(TRANSIENT, `$1${ANY}$2`).replace(SCOPE_NUMBER, `$1${ANY}$2`)
}

/** Ids of containers and pods, and UUIDs. */
const LONG_ID = /[0-9a-f]{12,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g
const TRANSIENT = /^((?:session|run)-)[^/]+(\.(?:scope|service|mount))$/
const SCOPE_NUMBER = /^(.*-)\d+(\.scope)$/
