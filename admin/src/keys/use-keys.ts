import { useWindowEvent } from '@mantine/hooks'
import { actionFor } from './actions'
import { isTouched } from './touch'

/** The key of the search window; with Ctrl, or Cmd on a Mac. */
export const findKey = 'k'

/** Runs the action of the pressed key, except while the user is typing. */
export function useKeys() {
  useWindowEvent('keydown', (event) => {
    if (isTouched() || event.repeat || event.isComposing || event.defaultPrevented || isWindowOpen()) return
    const key = event.key.toLowerCase()
    const action = actionFor(isFind(event) ? `mod+${findKey}` : key)
    if (!action || !(isFind(event) || isPlain(event))) return
    event.preventDefault()
    action.run()
  })
}

const isFind = ({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent) =>
  key.toLowerCase() === findKey && ctrlKey !== metaKey && !altKey && !shiftKey

/** A check box has the focus after a click, so it must not count as a text field. */
const fields = 'input:not([type="checkbox"]), textarea, select, [contenteditable]:not([contenteditable="false"])'

/** Without a modifier and outside of fields. "/" and "?" need Shift on many keyboards; with a letter, Shift means something. */
function isPlain({ key, altKey, ctrlKey, metaKey, shiftKey, target }: KeyboardEvent): boolean {
  if (altKey || ctrlKey || metaKey || (shiftKey && /\p{Letter}/u.test(key))) return false
  return !(target instanceof Element && target.closest(fields))
}

/** Whether a window or menu is open. */
const isWindowOpen = () =>
  document.querySelector('[role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]') !== null
