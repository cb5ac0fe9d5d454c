// What the build changes in others' code, and leaves out of ours, it must find: else it fails.
import { build, type Plugin } from 'esbuild'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ROOT } from '../support/paths.ts'

const script = (name: string) => import(join(ROOT, 'scripts', name)) as Promise<Record<string, unknown>>
const builds = (contents: string, plugins: Plugin[]) =>
  build({
    stdin: { contents, resolveDir: ROOT },
    plugins,
    bundle: true,
    platform: 'node',
    write: false,
    logLevel: 'silent',
  })

describe('the build fails where there is nothing to change any more', () => {
  test('in oclif', async () => {
    const { slimOclif } = (await script('slim-oclif.mjs')) as { slimOclif: Plugin }
    await expect(builds('', [slimOclif])).rejects.toThrow(
      /oclif no longer loads tinyglobby, .*, debug, .*: see slim-oclif/,
    )
    await expect(builds("import '@oclif/core/run'; import '@oclif/core/command'", [slimOclif])).resolves.toBeDefined()
  })

  test('in our own imports', async () => {
    const { checkStandIns } = (await script('build.mjs')) as { checkStandIns: (inputs: object) => void }
    expect(() => checkStandIns({})).toThrow(/no bundle asks for .*node:zlib.*koffi.*OWNER_THREAD, SCAN_THREAD any more/)
  })

  test('in the registry of commands', async () => {
    const { onlyCommands } = (await script('build.mjs')) as {
      onlyCommands: (files: Record<string, string>, isWanted: (id: string) => boolean) => Plugin
    }
    const lost = onlyCommands({ lost: join(ROOT, 'lost.ts') }, id => id === 'lost')
    await expect(builds('', [lost])).rejects.toThrow(/does not import lost/)
  })
})

interface Pinned {
  devDependencies: Record<string, string>
  optionalDependencies: Record<string, string>
}

test('the bundles hold these packages, in the versions of package.json and with their licences', () => {
  const { devDependencies, optionalDependencies } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')) as Pinned
  const pins = { ...devDependencies, ...optionalDependencies }
  for (const version of Object.values(pins)) expect(version).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/)
  const licences = readFileSync(`${ROOT}dist/THIRD-PARTY-LICENSES.txt`, 'utf8')
  const bundled = [...licences.matchAll(/^(\S+) (\d+\.\S+) \((\S+)\)$/gm)].map(([, name, version, licence]) => {
    expect(version).toBe(pins[name!] ?? version)
    return `${name} ${version} ${licence}`
  })
  expect(bundled).toMatchInlineSnapshot(`
    [
      "@colors/colors 1.5.0 MIT",
      "@oclif/core 4.14.0 MIT",
      "@opentelemetry/api 1.10.0 Apache-2.0",
      "@sec-ant/readable-stream 0.4.1 MIT",
      "@sindresorhus/merge-streams 4.0.0 MIT",
      "ajv 8.20.0 MIT",
      "ansi-regex 5.0.1 MIT",
      "ansi-styles 4.3.0 MIT",
      "ansis 3.17.0 ISC",
      "b4a 1.9.0 Apache-2.0",
      "bcryptjs 3.0.3 BSD-3-Clause",
      "bintrees 1.0.2 MIT",
      "clean-stack 3.0.1 MIT",
      "cli-table3 0.6.5 MIT",
      "color-convert 2.0.1 MIT",
      "color-name 1.1.4 MIT",
      "cross-spawn 7.0.6 MIT",
      "debug 4.4.3 MIT",
      "ejs 6.0.1 Apache-2.0",
      "emoji-regex 8.0.0 MIT",
      "escape-string-regexp 4.0.0 MIT",
      "events-universal 1.0.1 Apache-2.0",
      "execa 9.6.1 MIT",
      "fast-deep-equal 3.1.3 MIT",
      "fast-fifo 1.3.2 MIT",
      "fast-string-truncated-width 3.0.3 MIT",
      "fast-string-width 3.0.2 MIT",
      "fast-uri 3.1.9 BSD-3-Clause",
      "figures 6.1.0 MIT",
      "get-stream 9.0.1 MIT",
      "has-flag 4.0.0 MIT",
      "human-signals 8.0.1 Apache-2.0",
      "indent-string 4.0.0 MIT",
      "is-fullwidth-code-point 3.0.0 MIT",
      "is-plain-obj 4.1.0 MIT",
      "is-stream 4.0.1 MIT",
      "is-unicode-supported 2.1.0 MIT",
      "isexe 2.0.0 ISC",
      "json-schema-traverse 1.0.0 MIT",
      "ms 2.1.3 MIT",
      "npm-run-path 6.0.0 MIT",
      "path-key 4.0.0 MIT",
      "parse-ms 4.0.0 MIT",
      "path-key 3.1.1 MIT",
      "picocolors 1.1.1 ISC",
      "pretty-ms 9.3.1 MIT",
      "prom-client 15.1.3 Apache-2.0",
      "shebang-command 2.0.0 MIT",
      "shebang-regex 3.0.0 MIT",
      "signal-exit 4.1.0 ISC",
      "streamx 2.28.1 MIT",
      "string-width 4.2.3 MIT",
      "strip-ansi 6.0.1 MIT",
      "strip-final-newline 4.0.0 MIT",
      "supports-color 8.1.1 MIT",
      "tar-stream 3.2.2 MIT",
      "tdigest 0.1.3 MIT",
      "text-decoder 1.2.7 Apache-2.0",
      "unicorn-magic 0.3.0 MIT",
      "uplot 1.6.32 MIT",
      "which 2.0.2 ISC",
      "widest-line 3.1.0 MIT",
      "wordwrap 1.0.0 MIT",
      "wrap-ansi 7.0.0 MIT",
      "yaml 2.9.1 ISC",
      "yoctocolors 2.2.0 MIT",
    ]
  `)
})
