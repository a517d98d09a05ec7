import { Button } from '@mantine/core'
import type { Page } from '../api/types'
import { words } from '../words'
import { countText } from './paging'

type Props = { page: Page; busy: boolean; onSelect: () => void }

/** Selects all matches on all pages. */
export function SelectAll({ page, busy, onSelect }: Props) {
  if (page.count === 0) return null
  return (
    // Without `loading`, which disables the button, so that it would lose the focus.
    <Button
      size='compact-sm'
      variant='subtle'
      w='fit-content'
      mx='xs'
      my={4}
      aria-busy={busy}
      onClick={() => busy || onSelect()}
    >
      {page.count_is_exact === false ? words.picking.allOf(countText(page)) : words.picking.allThatMatch(page.count)}
    </Button>
  )
}
