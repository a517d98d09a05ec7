/** The number of customers over time, calculated from the history. */
export type Coming = { at: string; added: unknown[]; removed: unknown[] }

/** One day of a group: how many joined and left, and how many were in it at its end. */
export type Day = { day: string; joined: number; left: number; count: number }

export const daysShown = 90

/** The start of the shown days, in the user's time zone. */
export function firstDay(now: Date, since?: string): Date {
  const first = new Date(now.getFullYear(), now.getMonth(), now.getDate() - (daysShown - 1))
  const born = since === undefined ? first : midnight(new Date(since))
  return born > first ? born : first
}

/** The days from the first to today, calculated backwards from the current number. */
export function growthOf(entries: Coming[], countNow: number, first: Date, now: Date): Day[] {
  const days: Day[] = []
  for (let day = first; day <= now; day = dayAfter(day)) days.push({ day: dayOf(day), joined: 0, left: 0, count: 0 })
  const byDay = new Map(days.map((day) => [day.day, day]))
  for (const { at, added, removed } of entries) {
    const day = byDay.get(dayOf(new Date(at)))
    if (!day) continue
    day.joined += added.length
    day.left += removed.length
  }
  let count = countNow
  for (const day of days.toReversed()) {
    day.count = count
    count -= day.joined - day.left
  }
  return days
}

/** The number before the first day. */
export const countBefore = ([first]: Day[]) => (first ? first.count - first.joined + first.left : 0)

// With the calendar and not in hours, because a day can have 23 or 25 hours.
const dayAfter = (day: Date) => new Date(day.getFullYear(), day.getMonth(), day.getDate() + 1)

const midnight = (moment: Date) => new Date(moment.getFullYear(), moment.getMonth(), moment.getDate())

function dayOf(moment: Date): string {
  const parts = [moment.getFullYear(), moment.getMonth() + 1, moment.getDate()]
  return parts.map((part) => String(part).padStart(2, '0')).join('-')
}
