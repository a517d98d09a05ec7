import '../feedback/modal-styles'
import '@mantine/core/styles/Kbd.css'
import { Kbd, Modal } from '@mantine/core'
import { useReturnFocus } from '../feedback/use-return-focus'
import table from '../table/table.module.css'
import { words } from '../words'
import { useActions } from './actions'
import { keyName } from './key-name'

/** The keyboard shortcuts of this page, and those of windows and lists. */
export default function ShortcutsWindow({ onClose }: { onClose: () => void }) {
  useReturnFocus(true)
  const here = useActions().flatMap(({ key, label }) => (key ? [[keyName(key), label] as const] : []))
  return (
    <Modal opened onClose={onClose} title={words.keys.title} closeButtonProps={{ 'aria-label': words.close }}>
      <table className={table.table} aria-label={words.keys.title}>
        <tbody>
          {[...here, ...always].map(([key, label]) => (
            <tr key={label}>
              <th scope='row'>
                <Kbd>{key}</Kbd>
              </th>
              <td>{label}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Modal>
  )
}

const always = [
  [keyName('mod+Enter'), words.keys.save],
  [words.keys.shiftClick, words.keys.range],
  ['Esc', words.keys.close],
] as const
