/**
 * Settings as `sysctl -a` prints and sysctl.conf(5) holds them: `net.ipv4.ip_local_port_range = 32768	60999`.
 *
 * Keys may be written with slashes and a leading `-` (sysctl.conf: ignore errors); `#` and `;` begin comments. The last
 * line of a key wins, as it does for sysctl(8).
 */
export function parseSysctlText(bytes: Buffer): Map<string, string> {
  const settings = new Map<string, string>()
  for (const line of bytes.toString('latin1').split('\n')) {
    if (/^\s*[#;]/.test(line)) continue
    const equals = line.indexOf('=')
    if (equals === -1) continue
    const key = line.slice(0, equals).trim().replace(/^-/, '').replaceAll('/', '.')
    if (key !== '') settings.set(key, line.slice(equals + 1).trim())
  }
  return settings
}
