import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { isStale } from '../api/errors'
import { type Clash, decided, type Fields, merge } from './merge'

type Options<Resource, Value> = {
  /** The resource when the window was opened, which the user saw first. */
  opened: Resource
  /** The fields that the window edits. */
  fieldsOf: (resource: Resource) => Fields<Value>
  isSame: (one: Value, other: Value) => boolean
  /** The current resource. */
  read: () => Promise<Resource>
  /** Saves the fields, unless `base` is no longer the newest version. */
  send: (base: Resource, fields: Fields<Value>) => Promise<Resource>
  onSaved: (saved: Resource, over: Resource) => void
  onError?: (error: Error) => void
}

type Conflict<Resource, Value> = { theirs: Resource; merged: Fields<Value>; clashes: Clash<Value>[] }

/** The number of attempts while others keep saving, before the user is told. */
const mostTries = 5

/**
 * Saves an edit under the version it began with. What someone else changed meanwhile is kept; only what both changed is
 * asked about.
 */
export function useEdit<Resource, Value>(options: Options<Resource, Value>) {
  const { opened, fieldsOf, isSame, read, send, onSaved, onError } = options
  const [base, setBase] = useState(opened)
  const [conflict, setConflict] = useState<Conflict<Resource, Value> | null>(null)
  const { mutate, isPending, error } = useMutation({
    mutationFn: async ({ fields, over }: { fields: Fields<Value>; over: Resource }) => {
      for (let tries = 1; ; tries += 1) {
        try {
          return { saved: await send(over, fields), over }
        } catch (error) {
          if (!isStale(error) || tries === mostTries) throw error
        }
        const theirs = await read()
        const { merged, clashes } = merge(fieldsOf(over), fieldsOf(theirs), fields, isSame)
        if (clashes.length > 0) return { conflict: { theirs, merged, clashes } }
        fields = merged
        over = theirs
      }
    },
    onSuccess: (outcome) => {
      if (outcome.conflict) setConflict(outcome.conflict)
      else onSaved(outcome.saved, outcome.over)
    },
    onError: (error) => onError?.(error),
  })
  return {
    isPending,
    error,
    /** The conflicts, until the user has chosen. */
    clashes: conflict?.clashes ?? null,
    save: (fields: Fields<Value>) => mutate({ fields, over: base }),
    /** Applies the choices and everything without conflicts. Returns the resulting fields. */
    decide: (takeTheirs: ReadonlySet<string>): Fields<Value> => {
      if (!conflict) return fieldsOf(base)
      setBase(conflict.theirs)
      setConflict(null)
      return decided(conflict.merged, conflict.clashes, takeTheirs)
    },
    /** The same, and saves immediately. */
    saveDecided: (takeTheirs: ReadonlySet<string>) => {
      if (!conflict) return
      setBase(conflict.theirs)
      setConflict(null)
      mutate({ fields: decided(conflict.merged, conflict.clashes, takeTheirs), over: conflict.theirs })
    },
  }
}
