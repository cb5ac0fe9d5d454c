// What a program in JavaScript needs to go through a text and do little with it: the measure for what ours need.
const counts = new Map()
for (const line of require('node:fs').readFileSync(process.argv[2], 'latin1').split('\n')) {
  for (const word of line.split(' ')) if (word.length > 0) counts.set(word.length, (counts.get(word.length) ?? 0) + 1)
}
process.stdout.write(`${JSON.stringify([...counts])}\n`)
