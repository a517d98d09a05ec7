import { useWindowEvent } from '@mantine/hooks'

/**
 * Calls `remove` when R is pressed and nobody could have meant a letter.
 *
 * A checked box has the focus right after it was clicked, so a check box must not count as a field.
 */
export function useRemoveKey(enabled: boolean, remove: () => void) {
  useWindowEvent('keydown', (event) => {
    if (!enabled || event.key.toLowerCase() !== 'r' || isMeantOtherwise(event)) return
    event.preventDefault()
    remove()
  })
}

const fields = 'input:not([type="checkbox"]), textarea, select, [contenteditable]:not([contenteditable="false"])'
const windows = '[role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]'

function isMeantOtherwise(event: KeyboardEvent): boolean {
  const { altKey, ctrlKey, metaKey, shiftKey, repeat, isComposing, defaultPrevented, target } = event
  if (altKey || ctrlKey || metaKey || shiftKey || repeat || isComposing || defaultPrevented) return true
  if (target instanceof Element && target.closest(fields)) return true
  // An open window or menu has the person's attention, wherever the focus is.
  return document.querySelector(windows) !== null
}
