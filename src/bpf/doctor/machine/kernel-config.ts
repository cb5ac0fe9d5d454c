/**
 * The asked options of a kernel build: name without `CONFIG_` → `y`, `m`, a number or a text; `n` where it says that it
 * is not set. An option the text does not mention is absent.
 *
 * Source: /proc/config.gz once unpacked, /boot/config-RELEASE. Lines: `CONFIG_KPROBES=y`, `# CONFIG_KPROBES is not set`.
 * Searched, not parsed: of some 3000 options a dozen matter.
 */
export function parseKernelConfig<Name extends string>(text: string, names: readonly Name[]): Map<Name, string> {
  const options = new Map<Name, string>()
  const lines = `\n${text}\n`
  for (const name of names) {
    const set = lines.indexOf(`\nCONFIG_${name}=`)
    if (set !== -1) {
      const value = lines.slice(set + name.length + 9, lines.indexOf('\n', set + 1))
      options.set(name, value.replace(/^"(.*)"$/, '$1'))
    } else if (lines.includes(`\n# CONFIG_${name} is not set\n`)) options.set(name, 'n')
  }
  return options
}
