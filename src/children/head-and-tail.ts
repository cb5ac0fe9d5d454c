const HEAD_CHARACTERS = 16 * 1024
const TAIL_CHARACTERS = 16 * 1024

/** Keeps the beginning and the end of a text of any length; says how much of the middle is missing. */
export function headAndTail() {
  let head = ''
  let tail = ''
  let left = 0
  return {
    push(text: string) {
      const room = HEAD_CHARACTERS - head.length
      if (room > 0) head += text.slice(0, room)
      if (text.length <= room) return
      tail += text.slice(Math.max(0, room))
      if (tail.length <= 2 * TAIL_CHARACTERS) return
      left += tail.length - TAIL_CHARACTERS
      tail = tail.slice(-TAIL_CHARACTERS)
    },
    text: () => (left === 0 ? head + tail : `${head}\n[${left} bytes left out]\n${tail}`),
  }
}
