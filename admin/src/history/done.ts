import type { Metadata } from '../metadata/value'

type Values = { name?: string; key?: string | null; metadata?: Metadata | null }

/** A change of a group that can be undone: an entry of the history, or the last action. */
export type Done = {
  added?: string[]
  removed?: string[]
  before?: Values | null | undefined
  after?: Values | null | undefined
}

export const canBeUndone = ({ added = [], removed = [], before, after }: Done) =>
  added.length > 0 || removed.length > 0 || Boolean(before && after)
