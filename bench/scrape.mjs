// scrape.mjs URL COUNT GAP_MS: that many scrapes, so far apart; prints the median of their time in ms and the bytes of one.
import { request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

const [url, count, gapMs] = process.argv.slice(2)

function scrape() {
  return new Promise((resolve, reject) => {
    const start = performance.now()
    request(url, { agent: false }, response => {
      let bytes = 0
      response.on('data', chunk => (bytes += chunk.length))
      response.on('end', () => resolve({ ms: performance.now() - start, bytes }))
    })
      .on('error', reject)
      .end()
  })
}

const all = []
for (let at = 0; at < Number(count); at += 1) {
  all.push(await scrape())
  await sleep(Number(gapMs))
}
const times = all.map(({ ms }) => ms).sort((a, b) => a - b)
process.stdout.write(`${times[times.length >> 1]} ${all.at(-1).bytes}\n`)
