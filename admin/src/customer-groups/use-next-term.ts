import { useEffect } from 'react'
import { reload } from '../api/cache'
import type { MemberRow } from '../api/types'

/** The clock of this device may be a little ahead of the service's. */
const late = 500
/** The longest time that a browser's timer can be set to. */
const longest = 2 ** 31 - 1

/** Loads everything again when the membership of one of the rows begins or ends. */
export function useNextTerm(rows: MemberRow[] | undefined) {
  useEffect(() => {
    const now = Date.now()
    const moments = (rows ?? []).flatMap(({ membership }) => [membership?.starts_at, membership?.ends_at])
    const next = Math.min(...moments.map((moment) => (moment ? Date.parse(moment) : 0)).filter((at) => at > now))
    const wait = next - now + late
    if (wait > longest) return
    const timer = window.setTimeout(reload, wait)
    return () => window.clearTimeout(timer)
  }, [rows])
}
