/** A saved view. It is completely described by its address. */
export type SavedView = { name: string; search: string }

/** Stored in this browser, for each user and list. */
const keyOf = (person: string, list: string) => `views ${person} ${list}`

/** The stored views, oldest first. Invalid data is ignored. */
export function viewsKept(person: string, list: string): SavedView[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(keyOf(person, list)) ?? '[]')
    return Array.isArray(kept) ? kept.filter(isView) : []
  } catch {
    return []
  }
}

export const keepViews = (person: string, list: string, views: SavedView[]) =>
  localStorage.setItem(keyOf(person, list), JSON.stringify(views))

/** Adds a view, or replaces the one with the same name. */
export const withView = (views: SavedView[], view: SavedView) => [
  ...views.filter(({ name }) => name !== view.name),
  view,
]

const isView = (one: Partial<SavedView> | null): one is SavedView =>
  typeof one?.name === 'string' && typeof one.search === 'string'
