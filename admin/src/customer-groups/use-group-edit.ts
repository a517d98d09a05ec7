import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { isStale } from '../api/errors'
import type { CustomerGroup } from '../api/types'
import { groupChanged, groupQuery } from './group-data'

type Options<Edited> = {
  /** The group as it was when the window opened: what the person saw when they began to type. */
  opened: CustomerGroup
  send: (base: CustomerGroup, edited: Edited) => Promise<CustomerGroup>
  /** Is what this window edits the same in both? */
  sameBase: (one: CustomerGroup, other: CustomerGroup) => boolean
  onSaved: (group: CustomerGroup) => void
}

/** Saves an edit under the version it began with, and notices when someone else was quicker. */
export function useGroupEdit<Edited>({ opened, send, sameBase, onSaved }: Options<Edited>) {
  const cache = useQueryClient()
  const [base, setBase] = useState(opened)
  const [theirs, setTheirs] = useState<CustomerGroup | null>(null)
  const { mutate, isPending, error } = useMutation({
    mutationFn: async ({ edited, over }: { edited: Edited; over: CustomerGroup }) => {
      try {
        return await send(over, edited)
      } catch (error) {
        if (!isStale(error)) throw error
        const current = await cache.fetchQuery({ ...groupQuery(over.id), staleTime: 0 })
        // Only another part of the group was changed: nothing to choose between.
        if (sameBase(over, current)) return await send(current, edited)
        setTheirs(current)
        return null
      }
    },
    onSuccess: (saved) => {
      if (!saved) return
      void groupChanged(cache, saved)
      onSaved(saved)
    },
  })
  return {
    isPending,
    error,
    /** The version that someone else saved meanwhile, until the person has chosen. */
    theirs,
    save: (edited: Edited) => mutate({ edited, over: base }),
    saveOver: (edited: Edited) => {
      if (!theirs) return
      setBase(theirs)
      setTheirs(null)
      mutate({ edited, over: theirs })
    },
    takeTheirs: () => {
      if (theirs) setBase(theirs)
      setTheirs(null)
    },
  }
}
