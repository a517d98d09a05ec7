import { ActionIcon } from '@mantine/core'
import { IconArrowsSort } from '@tabler/icons-react'
import { MenuButton } from '../shell/menu-button'
import { words } from '../words'
import type { Change, View } from './view'

type Props = {
  columns: { id: string; label: string; sorts?: boolean }[]
  view: View
  onChange: (change: Change) => void
}

/** The menu for the order, including columns that narrow screens hide. */
export function SortMenu({ columns, view, onChange }: Props) {
  const field = view.order.replace(/^-/, '')
  const descending = view.order.startsWith('-')
  const sort = (by: string, down: boolean) => onChange({ order: (down ? '-' : '') + by })
  return (
    <MenuButton
      staysOpen
      button={
        <ActionIcon variant='default' size='input-sm' aria-label={words.table.sort}>
          <IconArrowsSort size={16} aria-hidden />
        </ActionIcon>
      }
      entries={[
        {
          choices: columns.filter(({ sorts }) => sorts).map(({ id, label }) => ({ value: id, label })),
          chosen: field,
          onChoose: (by) => sort(by, descending),
        },
        { line: true },
        {
          choices: [
            { value: 'up', label: words.table.ascending },
            { value: 'down', label: words.table.descending },
          ],
          chosen: descending ? 'down' : 'up',
          onChoose: (way) => sort(field, way === 'down'),
        },
      ]}
    />
  )
}
