// A menu item no longer exists when its window closes, so the focus returns to the menu's button.
let last: HTMLElement | null = null
document.addEventListener('focusin', ({ target }) => {
  if (target instanceof HTMLElement && !target.closest('[role="menu"]')) last = target
})

/** Starts with the first page, long before the code of the first window is loaded. */
export const lastFocused = () => last
