/** The API takes 1,000 ids a call; smaller portions show progress and lose less when one fails. */
export const portionSize = 250

export type Progress = { done: number; all: number }

/** Some portions went through before one failed. Trying again with `rest` goes on where it stopped. */
export class PartlyApplied extends Error {
  override name = 'PartlyApplied'

  constructor(
    override readonly cause: unknown,
    readonly progress: Progress,
    readonly rest: string[],
  ) {
    super('Some of the ids were not applied')
  }
}

/** Applies the ids portion by portion. Raises `PartlyApplied` where one fails. */
export async function inPortions(
  ids: string[],
  apply: (portion: string[]) => Promise<unknown>,
  onProgress: (progress: Progress) => void,
): Promise<void> {
  const all = ids.length
  for (let start = 0; start < all; start += portionSize) {
    onProgress({ done: start, all })
    try {
      await apply(ids.slice(start, start + portionSize))
    } catch (error) {
      throw new PartlyApplied(error, { done: start, all }, ids.slice(start))
    }
  }
  onProgress({ done: all, all })
}
