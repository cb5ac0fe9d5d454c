import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ROOT } from '../support/paths.ts'
import { run } from '../support/run.ts'

interface Sbom {
  bomFormat: string
  metadata: { component: { name: string; version: string } }
  components: { name: string; version: string; scope: string; licenses: object[]; hashes: object[] }[]
  dependencies: { ref: string; dependsOn: string[] }[]
}

test('npm run sbom tells what is shipped: the packages of the bundles, and koffi', () => {
  const { stdout, status } = run(process.execPath, [`${ROOT}scripts/sbom.mjs`])
  expect(status).toBe(0)
  const sbom = JSON.parse(stdout) as Sbom
  const { name, version } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')) as { name: string; version: string }
  expect(sbom).toMatchObject({ bomFormat: 'CycloneDX', metadata: { component: { name, version } } })
  const licences = readFileSync(`${ROOT}dist/THIRD-PARTY-LICENSES.txt`, 'utf8')
  const bundled = [...licences.matchAll(/^(\S+ \d+\.\S+) \(\S+\)$/gm)].map(([, of]) => of!)
  expect(bundled.length).toBeGreaterThan(40)
  const named = (scope: string) =>
    sbom.components
      .filter(component => component.scope === scope)
      .map(component => `${component.name} ${component.version}`)
  expect([...new Set(named('required'))].sort()).toEqual([...new Set(bundled)].sort())
  expect(named('optional')).toContainEqual(expect.stringMatching(/^koffi /))
  expect(sbom.components.filter(({ licenses, hashes }) => licenses.length === 0 || hashes.length === 0)).toEqual([])
  const refs = new Set(sbom.dependencies.map(({ ref }) => ref))
  expect(sbom.dependencies.flatMap(({ dependsOn }) => dependsOn).filter(ref => !refs.has(ref))).toEqual([])
})
