import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { type Applied, inPortions, nothingApplied, PartlyApplied, type Progress, portionSize } from './portions'

type Options<Answer> = {
  apply: (portion: string[]) => Promise<Answer>
  /** `ids` are those that were applied: the selection may have changed since. */
  onDone: (answers: Answer[], ids: string[]) => void
  /** The most ids in one request. */
  size?: number
}

/** Applies a selection of any size. After a failure, the next attempt continues with the rest. */
export function usePortions<Answer>({ apply, onDone, size = portionSize }: Options<Answer>) {
  const [progress, setProgress] = useState<Progress | null>(null)
  const { mutate, isPending, error, reset } = useMutation({
    mutationFn: ({ ids, applied }: { ids: string[]; applied: Applied<Answer> }) =>
      inPortions(ids, applied, apply, setProgress, size),
    onSuccess: (answers, { ids }) => onDone(answers, ids),
    onSettled: () => setProgress(null),
  })
  const partly = error instanceof PartlyApplied ? (error as PartlyApplied<Answer>) : null
  return {
    isPending,
    error: partly?.cause ?? error,
    /** The progress before the failure. */
    reached: partly && partly.progress.done > 0 ? partly.progress : null,
    /** Only if there is more than one request. */
    progress: progress && progress.all > size ? progress : null,
    start: (ids: string[]) => mutate({ ids, applied: partly?.applied ?? nothingApplied }),
    reset,
  }
}
