/** A time span to filter by: a preset relative to today, or `from..to` with optional ends. */
export type Period = Preset | `${string}..${string}`
export type Preset = (typeof presets)[number]

export const presets = ['today', 'last-7-days', 'last-30-days', 'last-90-days', 'last-12-months'] as const

const spans: Record<Preset, (today: Date) => Date> = {
  today: (today) => today,
  'last-7-days': (today) => daysBefore(today, 7),
  'last-30-days': (today) => daysBefore(today, 30),
  'last-90-days': (today) => daysBefore(today, 90),
  'last-12-months': (today) => new Date(today.getFullYear() - 1, today.getMonth(), today.getDate()),
}

export const isPreset = (text: string): text is Preset => (presets as readonly string[]).includes(text)

/** Parses a period in the address. Null if it is invalid. */
export function readPeriod(text: string): Period | null {
  if (isPreset(text)) return text
  const [from, to, ...rest] = text.split('..')
  if (from === undefined || to === undefined || rest.length > 0 || (from === '' && to === '')) return null
  if (from !== '' && to !== '' && from > to) return null
  return [from, to].every((day) => day === '' || isDay(day)) ? `${from}..${to}` : null
}

export function daysOf(period: Period): { from: string; to: string } {
  const [from = '', to = ''] = isPreset(period) ? [] : period.split('..')
  return { from, to }
}

/** The period as bounds of the API, in the user's time zone. The last day is included. */
export function bounds(period: Period, now: Date): { $gte?: string; $lt?: string } {
  const today = new Date(now.getFullYear(), now.getMonth(), now.getDate())
  if (isPreset(period)) return { $gte: spans[period](today).toISOString() }
  const { from, to } = daysOf(period)
  return {
    ...(from && { $gte: midnight(from).toISOString() }),
    ...(to && { $lt: daysBefore(midnight(to), -1).toISOString() }),
  }
}

function isDay(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(midnight(text).getTime())
}

function midnight(day: string): Date {
  return new Date(`${day}T00:00`)
}

// With the calendar and not in hours, because a day can have 23 or 25 hours.
function daysBefore(day: Date, days: number): Date {
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() - days)
}
