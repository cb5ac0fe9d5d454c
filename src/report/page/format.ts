import { formatDurationNs } from '../../terminal/units.ts'
import { nanosecondsOf } from '../views/time-units.ts'

/** `12 345`, with a narrow blank that does not break. */
export const count = (value: number): string => {
  const [whole = '', rest] = String(value).split('.')
  const grouped = whole.replaceAll(/\B(?=(\d{3})+$)/g, '\u202f')
  return rest === undefined ? grouped : `${grouped}.${rest.slice(0, 1)}`
}

/** `1.2k`, for narrow places. */
export function short(value: number): string {
  if (value < 1000) return String(value)
  const units = ['k', 'M', 'G', 'T']
  let rest = value
  let unit = -1
  while (rest >= 1000 && unit < units.length - 1) {
    rest /= 1000
    unit += 1
  }
  return `${rest < 10 ? rest.toFixed(1) : Math.round(rest)}${units[unit]}`
}

/** `550 ms`, `407 samples`. */
export function amount(value: number, unit: string): string {
  const nanoseconds = nanosecondsOf(unit)
  return nanoseconds === undefined ? `${count(value)} ${unit}` : formatDurationNs(value * nanoseconds)
}

export function percent(share: number): string {
  if (share > 0 && share < 0.0005) return '< 0.1 %'
  return `${share > 0 && share < 0.1 ? (share * 100).toFixed(1) : Math.round(share * 100)} %`
}

/** `2026-11-21 14:00:00 UTC`. */
export const utc = (iso: string): string => (isTime(iso) ? `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC` : iso)

/** A recording may have been edited by hand. */
export const isTime = (iso = ''): boolean => /^\d{4}-\d\d-\d\dT/.test(iso) && Number.isFinite(Date.parse(iso))

/** The same moment by the reader's clock: `15:00:00 CET`, with the date where that is another. */
export function local(iso: string): string {
  if (!isTime(iso)) return ''
  const date = new Date(iso)
  const zone = new Intl.DateTimeFormat('en', { timeZoneName: 'short' })
    .formatToParts(date)
    .find(part => part.type === 'timeZoneName')
  const two = (value: number) => String(value).padStart(2, '0')
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
  return `${day === iso.slice(0, 10) ? '' : `${day} `}${time} ${zone?.value ?? ''}`.trim()
}

/** `45 s`, `3 min`, `2 h`. */
export function seconds(value: number): string {
  if (value < 120) return `${Math.round(value)} s`
  return value < 7200 ? `${Math.round(value / 60)} min` : `${Math.round(value / 3600)} h`
}

export const plural = (value: number, word: string, ending = 's'): string =>
  `${count(value)} ${word}${value === 1 ? '' : ending}`
