import { words } from '../words'

/** When a membership begins and ends, in ISO 8601. Null or missing means no limit. */
type Terms = { starts_at?: string | null; ends_at?: string | null }

/** Terms in words. A beginning in the past is left out. */
export function termsText({ starts_at, ends_at }: Terms, now = Date.now()): string | null {
  const begins = starts_at && Date.parse(starts_at) > now ? starts_at : null
  if (begins && ends_at) return words.terms.between(begins, ends_at)
  if (begins) return words.terms.from(begins)
  return ends_at ? words.terms.until(ends_at) : null
}
