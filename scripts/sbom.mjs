// Prints what the package consists of, as npm sbom tells it (CycloneDX): what the bundles hold, and koffi, which npm adds
// where it can. What is only used to build and test is left out.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

const sbom = JSON.parse(
  execFileSync('npm', ['sbom', '--sbom-format=cyclonedx', '--sbom-type=application'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'ignore'],
  }),
)
// npm takes the name of the folder.
sbom.metadata.component.name = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).name

/** `name version`, as dist/THIRD-PARTY-LICENSES.txt begins each. */
const licences = readFileSync(join(root, 'dist/THIRD-PARTY-LICENSES.txt'), 'utf8')
const bundled = new Set([...licences.matchAll(/^(\S+ \d+\.\S+) \(\S+\)$/gm)].map(([, name]) => name))

const isShipped = ({ name, version }) => bundled.has(`${name} ${version}`) || /^(koffi|@koromix\/koffi-.*)$/.test(name)
sbom.components = sbom.components.filter(isShipped)
for (const component of sbom.components) {
  // It is part of the package, whatever it is to its development.
  component.scope = bundled.has(`${component.name} ${component.version}`) ? 'required' : 'optional'
  component.properties = component.properties?.filter(({ name }) => name !== 'cdx:npm:package:development')
}
const known = new Set([sbom.metadata.component['bom-ref'], ...sbom.components.map(component => component['bom-ref'])])
sbom.dependencies = sbom.dependencies
  .filter(({ ref }) => known.has(ref))
  .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter(other => known.has(other)) }))
process.stdout.write(`${JSON.stringify(sbom, null, 2)}\n`)
