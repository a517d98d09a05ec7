/** The API takes 1,000 ids a call; smaller portions show progress and lose less when one fails. */
export const portionSize = 250

export type Progress = { done: number; all: number }

/** Some portions went through before one failed. Given `applied`, the next try goes on with the rest. */
export class PartlyApplied extends Error {
  override name = 'PartlyApplied'

  constructor(
    override readonly cause: unknown,
    readonly progress: Progress,
    readonly applied: ReadonlySet<string>,
  ) {
    super('Some of the ids were not applied')
  }
}

/** Applies the ids that are not applied yet, portion by portion. Raises `PartlyApplied` where one fails. */
export async function inPortions(
  ids: string[],
  before: ReadonlySet<string>,
  apply: (portion: string[]) => Promise<unknown>,
  onProgress: (progress: Progress) => void,
): Promise<void> {
  const rest = ids.filter((id) => !before.has(id))
  const all = ids.length
  for (let start = 0; start < rest.length; start += portionSize) {
    const progress = { done: all - rest.length + start, all }
    onProgress(progress)
    try {
      await apply(rest.slice(start, start + portionSize))
    } catch (error) {
      throw new PartlyApplied(error, progress, new Set([...before, ...rest.slice(0, start)]))
    }
  }
  onProgress({ done: all, all })
}
