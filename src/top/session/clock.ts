const two = (value: number) => String(value).padStart(2, '0')

/** Of a machine the time here: `22:15:01`; of a recording the day as well, UTC. */
export function clockText(atMs: number, isLive: boolean): string {
  if (atMs === 0) return 'time not recorded'
  const at = new Date(atMs)
  if (isLive) return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`
  return `${at.toISOString().slice(0, 19).replace('T', ' ')}Z`
}
