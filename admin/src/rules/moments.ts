import { isMomentText } from './draft'

const two = (value: number) => String(value).padStart(2, '0')

/** A moment for a field of the browser, in the user's time zone. Seconds are only shown where they are not 0. */
export function localMoment(iso: string): string {
  const at = new Date(iso)
  if (!isMomentText(iso) || Number.isNaN(at.getTime())) return ''
  const day = `${String(at.getFullYear()).padStart(4, '0')}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
  const time = `${two(at.getHours())}:${two(at.getMinutes())}`
  const milliseconds = at.getMilliseconds()
  const rest = milliseconds > 0 ? `.${String(milliseconds).padStart(3, '0')}` : ''
  return `${day}T${time}${at.getSeconds() > 0 || rest ? `:${two(at.getSeconds())}${rest}` : ''}`
}

/** The moment that a field of the browser has, in UTC. Empty while it is incomplete. */
export function momentOf(local: string): string {
  const at = new Date(local)
  return Number.isNaN(at.getTime()) ? '' : at.toISOString()
}
