/** The most ids in one request. Each request is one entry of the history. */
export const portionSize = 1_000

export type Progress = { done: number; all: number }

/** Some portions were applied before one failed. The next attempt continues after them. */
export class PartlyApplied<Answer> extends Error {
  override name = 'PartlyApplied'

  constructor(
    override readonly cause: unknown,
    readonly progress: Progress,
    readonly applied: Applied<Answer>,
  ) {
    super('Some of the ids were not applied')
  }
}

/** The ids that were applied, and their responses. */
export type Applied<Answer> = { ids: ReadonlySet<string>; answers: Answer[] }

export const nothingApplied: Applied<never> = { ids: new Set(), answers: [] }

/** Applies the remaining ids, portion by portion. Throws `PartlyApplied` if one fails. */
export async function inPortions<Answer>(
  ids: string[],
  before: Applied<Answer>,
  apply: (portion: string[]) => Promise<Answer>,
  onProgress: (progress: Progress) => void = () => {},
  size = portionSize,
): Promise<Answer[]> {
  const rest = ids.filter((id) => !before.ids.has(id))
  const all = ids.length
  const answers = [...before.answers]
  for (let start = 0; start < rest.length; start += size) {
    const progress = { done: all - rest.length + start, all }
    onProgress(progress)
    try {
      answers.push(await apply(rest.slice(start, start + size)))
    } catch (error) {
      throw new PartlyApplied(error, progress, { ids: new Set([...before.ids, ...rest.slice(0, start)]), answers })
    }
  }
  onProgress({ done: all, all })
  return answers
}
