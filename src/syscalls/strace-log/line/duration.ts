import { NS_PER_DIGIT, type ScannedResult } from './event.ts'

/** ` <0.000010>` at the end; returns where it begins, or `end` where there is none. */
export function scanDuration(line: ScannedResult, end: number): number {
  const { bytes } = line
  // Mostly it is less than ten seconds, in microseconds.
  if (bytes[end - 8] === DOT && bytes[end - 10] === LESS && bytes[end - 11] === BLANK && end - 11 > line.argsFrom) {
    const second = bytes[end - 9]! - ZERO
    let micros = 0
    let at = end - 7
    for (; at < end - 1 && isDigit(bytes[at]!); at += 1) micros = micros * 10 + bytes[at]! - ZERO
    if (at === end - 1 && second >= 0 && second <= 9) {
      const ns = micros * 1000
      line.durationNs = second === 0 ? ns : second * 1e9 + ns
      return end - 11
    }
  }
  let point = end - 2
  while (point > line.argsFrom && isDigit(bytes[point]!)) point -= 1
  let open = point
  let fraction = 0
  if (bytes[point] === DOT) {
    for (let at = point + 1; at < end - 1; at += 1) fraction = fraction * 10 + bytes[at]! - ZERO
    open -= 1
    while (open > line.argsFrom && isDigit(bytes[open]!)) open -= 1
  } else point = end - 1
  if (bytes[open] !== LESS || bytes[open - 1] !== BLANK || open + 1 === point) return end
  let seconds = 0
  for (let at = open + 1; at < point; at += 1) seconds = seconds * 10 + bytes[at]! - ZERO
  const ns = point === end - 1 ? 0 : fraction * NS_PER_DIGIT[end - 2 - point]!
  line.durationNs = seconds === 0 ? ns : seconds * 1e9 + ns
  return open - 1
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE
}

const BLANK = 0x20
const DOT = 0x2e
const ZERO = 0x30
const NINE = 0x39
const LESS = 0x3c
