import '@mantine/core/styles/Kbd.css'
import { Button, CloseButton, Kbd, Paper, Text } from '@mantine/core'
import type { Page } from '../api/types'
import { countText } from '../table/paging'
import { useAction } from '../keys/actions'
import { keyName } from '../keys/key-name'
import { isTouched } from '../keys/touch'
import { words } from '../words'
import classes from './selection-bar.module.css'

type Soon = { onPointerEnter: () => void; onFocus: () => void }
/** From the user guide. */
const removeKey = 'r'

type Props = {
  count: number
  /** The list. If it has more pages, all matches can be selected. */
  matches?: Page | null
  /** Whether all matches are selected. */
  isAll?: boolean
  onAll?: () => void
  onClear: () => void
  onRemove: () => void
  /** Loads the code of the confirmation. */
  removeSoon: Soon
  onMove?: () => void
  moveSoon?: Soon
}

/** The bar at the bottom centre of the page: the number of selected rows, and their actions. */
export function SelectionBar(props: Props) {
  const { count, matches = null, isAll = false, onAll, onClear, onRemove, removeSoon, onMove, moveSoon } = props
  useAction({ label: words.selection.remove, key: removeKey, run: onRemove }, count > 0 || isAll)
  if (count === 0 && !isAll) return null
  return (
    <Paper
      className={classes.bar}
      data-floats
      component='section'
      withBorder
      shadow='md'
      aria-label={words.selection.label}
    >
      <Text size='sm' role='status'>
        {isAll && matches ? words.picking.allSelected(countText(matches)) : words.selection.selected(count)}
      </Text>
      {onAll && !isAll && matches && (matches.count > count || matches.count_is_exact === false) && (
        <Button size='xs' variant='subtle' onClick={onAll}>
          {matches.count_is_exact === false
            ? words.picking.allOf(countText(matches))
            : words.selection.all(matches.count)}
        </Button>
      )}
      {onMove && (
        <Button size='xs' variant='default' onClick={onMove} {...moveSoon}>
          {words.bulk.move}
        </Button>
      )}
      <Button
        size='xs'
        variant='default'
        onClick={onRemove}
        {...removeSoon}
        {...(!isTouched() && {
          'aria-keyshortcuts': keyName(removeKey),
          rightSection: (
            <Kbd size='xs' aria-hidden>
              {keyName(removeKey)}
            </Kbd>
          ),
        })}
      >
        {words.selection.remove}
      </Button>
      <CloseButton size={30} aria-label={words.selection.clear} onClick={onClear} />
    </Paper>
  )
}
