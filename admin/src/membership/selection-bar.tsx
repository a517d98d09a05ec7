import '@mantine/core/styles/Kbd.css'
import { Button, CloseButton, Kbd, Paper, Text } from '@mantine/core'
import { words } from '../words'
import { useRemoveKey } from './remove-key'
import classes from './selection-bar.module.css'

type Props = {
  count: number
  /** How many the list has; where that is more, all of them can be selected. */
  matches: number
  onAll: () => void
  onClear: () => void
  onRemove: () => void
}

/** The bar at the bottom centre of the page: how many are selected, and what can be done with them. */
export function SelectionBar({ count, matches, onAll, onClear, onRemove }: Props) {
  useRemoveKey(count > 0, onRemove)
  if (count === 0) return null
  return (
    <Paper className={classes.bar} component='section' withBorder shadow='md' aria-label={words.selection.label}>
      <Text size='sm' role='status'>
        {words.selection.selected(count)}
      </Text>
      {matches > count && (
        <Button size='xs' variant='subtle' onClick={onAll}>
          {words.selection.all(matches)}
        </Button>
      )}
      <Button
        size='xs'
        variant='default'
        onClick={onRemove}
        aria-keyshortcuts={words.selection.removeKey}
        rightSection={
          <Kbd size='xs' aria-hidden>
            {words.selection.removeKey}
          </Kbd>
        }
      >
        {words.selection.remove}
      </Button>
      <CloseButton size='sm' aria-label={words.selection.clear} onClick={onClear} />
    </Paper>
  )
}
