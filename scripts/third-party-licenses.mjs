// The licences of the packages that a bundle holds parts of, as one text to ship with it.
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** `metafile` as esbuild makes it; throws where a package has no licence text, so that none is shipped without. */
export function thirdPartyLicenses(metafile, root) {
  const folders = new Set()
  for (const input of Object.keys(metafile.inputs)) {
    const match = /^(?:[\w-]+:)?(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)
    if (match) folders.add(match[1])
  }
  const texts = [...folders].sort().map(folder => {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
    const file = readdirSync(join(root, folder)).find(
      entry => /^licen[cs]e/i.test(entry) && existsSync(join(root, folder, entry)),
    )
    return `${name} ${version} (${license})\n\n${file === undefined ? `Licensed under ${license}.` : readFileSync(join(root, folder, file), 'utf8').trim()}\n`
  })
  return texts.join(`\n${'-'.repeat(80)}\n\n`)
}
