type Answer = { ids: string[]; next: string | null | undefined }

/** The ids of all items of a list, page by page. */
export async function everyId(read: (cursor: { cursor?: string }) => Promise<Answer>): Promise<string[]> {
  const ids: string[] = []
  let cursor: string | null | undefined
  do {
    const page = await read(cursor ? { cursor } : {})
    ids.push(...page.ids)
    cursor = page.next
  } while (cursor)
  return ids
}

/** The query for reading the whole list. */
export const whole = { offset: 0, fields: 'id', limit: 1_000 }
