#!/usr/bin/env node
// Runs straight from src: npm run dev -- mynetstat -ntlp. The first word names the bin.
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundle } from '../scripts/build.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = join(root, 'node_modules/.cache/linsight-dev')
await bundle(folder, { minify: false })
const [bin = 'linsight', ...argv] = process.argv.slice(2)
const group = bin === 'linsight' ? argv[0]?.split(':')[0] : bin
const file = [group, 'linsight'].map(name => join(folder, `${name}.cjs`)).find(path => existsSync(path))
await createRequire(import.meta.url)(file)(bin, argv, root)
