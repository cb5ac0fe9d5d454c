#!/usr/bin/env node
// Runs straight from src: npm run dev -- mynetstat -ntlp. The first word names the bin.
import { rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { bundle } from '../scripts/build.mjs'
import launch from './launch.cjs'

const folder = fileURLToPath(new URL('../node_modules/.cache/linsight-dev', import.meta.url))
rmSync(folder, { recursive: true, force: true })
await bundle(folder, { minify: false })
const [bin = 'linsight', ...argv] = process.argv.slice(2)
await launch.start(bin, argv, folder)
