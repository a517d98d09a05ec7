import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { inPortions, PartlyApplied, type Progress, portionSize } from './portions'

type Attempt = { ids: string[]; applied: ReadonlySet<string> }

type Options = {
  apply: (portion: string[]) => Promise<unknown>
  onDone: (count: number) => void
  /** After success and failure alike: what is on the screen may have changed. */
  onSettled: () => void
}

/** Applies a selection of any size. After a failure, the next try goes on with the rest. */
export function usePortions({ apply, onDone, onSettled }: Options) {
  const [progress, setProgress] = useState<Progress | null>(null)
  const { mutate, isPending, error, reset } = useMutation({
    mutationFn: ({ ids, applied }: Attempt) => inPortions(ids, applied, apply, setProgress),
    onSuccess: (_, { ids }) => onDone(ids.length),
    onSettled: () => {
      setProgress(null)
      onSettled()
    },
  })
  const partly = error instanceof PartlyApplied ? error : null
  return {
    isPending,
    error: partly?.cause ?? error,
    /** How far it came before it failed. */
    reached: partly && partly.progress.done > 0 ? partly.progress : null,
    /** Only where it takes more than one call. */
    progress: progress && progress.all > portionSize ? progress : null,
    start: (ids: string[]) => mutate({ ids, applied: partly?.applied ?? new Set() }),
    reset,
  }
}
