import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { LinsightError } from '../errors.ts'
import { PAGE_MARK, recordingElement } from '../files/page-recordings.ts'
import type { InputParts } from './inputs/parts.ts'
import type { ReportData } from './model.ts'

/** The page's own program and style, put here by scripts/build.mjs; absent where the sources run unbuilt. */
declare const REPORT_SCRIPT: string
declare const REPORT_STYLE: string

/** An element that holds text: neither may end it, and the hash is of exactly what the browser reads. */
const inside = (text: string) => text.replaceAll(/<\/(script|style)/gi, '<\\/$1')

const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/**
 * One HTML file that needs nothing else and may fetch nothing: data and recordings lie in it as gzip in base64, which is no
 * markup whatever it holds, and the only script and style that may run are those of these hashes. uPlot sets its styles by
 * script, which the policy allows.
 */
export function* pageText(data: ReportData, recordings: readonly InputParts['recording'][]): Generator<string> {
  if (typeof REPORT_SCRIPT === 'undefined')
    throw new LinsightError('unexpected', 'the page of the report has not been built', { hint: 'npm run build' })
  const script = inside(REPORT_SCRIPT)
  const style = inside(REPORT_STYLE)
  const policy = [
    `default-src 'none'`,
    `script-src ${hashOf(script)}`,
    `style-src ${hashOf(style)}`,
    'img-src data:',
    `base-uri 'none'`,
    `form-action 'none'`,
  ].join('; ')
  yield `${PAGE_MARK}
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>linsight report</title>
<style>${style}</style>
</head>
<body>
<div id="page"><p class="loading">Reading the recording… <span class="late">If this stays, the file is cut short or was changed.</span></p></div>
<noscript><p class="loading">This page needs its own script to show the recording, and scripts are switched off.</p></noscript>
`
  yield `<script type="application/octet-stream" id="data">${gzipSync(JSON.stringify(data), { level: 9 }).toString('base64')}</script>\n`
  for (const { kind, bytes } of recordings) {
    const whole = Buffer.concat([...bytes].map(piece => (typeof piece === 'string' ? Buffer.from(piece) : piece)))
    yield recordingElement(kind, gzipSync(whole))
  }
  yield `<script>${script}</script>\n</body>\n</html>\n`
}
