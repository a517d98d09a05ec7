import { bounds, type Period } from '../table/period'

/** What a history is narrowed by. */
export type HistoryFilter<Kind extends string = string> = {
  kind: Kind | null
  /** The id of a person or machine. */
  actor: string | null
  period: Period | null
}

export const noFilter = { kind: null, actor: null, period: null }

export const isFiltered = ({ kind, actor, period }: HistoryFilter) => Boolean(kind || actor || period)

/** As the API takes it. */
export function filterQuery<Kind extends string>({ kind, actor, period }: HistoryFilter<Kind>, now = new Date()) {
  const { $gte, $lt } = period ? bounds(period, now) : {}
  return {
    ...(kind && { type: [kind] }),
    ...(actor && { actor: [actor] }),
    ...($gte && { 'at[$gte]': $gte }),
    ...($lt && { 'at[$lt]': $lt }),
  }
}
