import { i18n } from './spoken'

/** Numbers and dates in the format of the user's language and region. */
const places = i18n.locales

const numbers = new Intl.NumberFormat(places)
const percents = new Intl.NumberFormat(places, { style: 'percent' })
const lists = new Intl.ListFormat(places, { type: 'conjunction' })
const days = new Intl.DateTimeFormat(places, { dateStyle: 'medium' })
const moments = new Intl.DateTimeFormat(places, { dateStyle: 'medium', timeStyle: 'short' })

export const number = (value: number) => numbers.format(value)
export const percent = (value: number) => percents.format(value / 100)
export const list = (parts: string[]) => lists.format(parts)

/** The size of a file, in the largest unit that is not a fraction. */
export function bytes(size: number): string {
  const power = Math.min(2, Math.floor(Math.log10(Math.max(1, size)) / 3))
  const unit = (['byte', 'kilobyte', 'megabyte'] as const)[power] ?? 'byte'
  // The short form of a byte has no plural.
  const unitDisplay = unit === 'byte' ? 'long' : 'short'
  const sizes = new Intl.NumberFormat(places, { style: 'unit', unit, unitDisplay, maximumFractionDigits: 1 })
  return sizes.format(size / 1_000 ** power)
}

export const day = (iso: string) => days.format(new Date(iso))
export const moment = (iso: string) => moments.format(new Date(iso))

const relative = new Intl.RelativeTimeFormat(places, { numeric: 'auto' })
const units = [
  ['minute', 60],
  ['hour', 60 * 60],
  ['day', 24 * 60 * 60],
] as const

/** "5 minutes ago", "yesterday", or the date after a week. */
export function ago(iso: string, now = Date.now()): string {
  const seconds = (Date.parse(iso) - now) / 1000
  if (seconds < -7 * 24 * 60 * 60) return day(iso)
  const [unit, length] = units.findLast(([, length]) => -seconds >= length) ?? units[0]
  return relative.format(Math.min(0, Math.trunc(seconds / length)), unit)
}

/** A day like 2026-11-23 in the user's time zone, not in UTC. */
export const localDay = (date: string) => days.format(new Date(`${date}T00:00`))
