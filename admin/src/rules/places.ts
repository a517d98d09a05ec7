/** The number of a condition on the screen: 2.1 is the first one in the second. */
export const numberOf = (path: readonly number[]) => path.map((index) => index + 1).join('.')

/** Moves the focus to the button that adds a condition, because what had the focus is about to be removed. */
export function focusAddButton(element: Element, levelsUp: number) {
  let group = element.closest('[data-conditions]')
  for (let level = 0; level < levelsUp; level += 1) group = group?.parentElement?.closest('[data-conditions]') ?? null
  const buttons = group?.querySelectorAll<HTMLElement>('[data-add]')
  // Those of inner groups come first.
  buttons?.[buttons.length - 1]?.focus()
}
