import { ActionIcon, Menu } from '@mantine/core'
import { IconArrowsSort } from '@tabler/icons-react'
import { words } from '../words'
import type { Change, View } from './view'

type Props = {
  columns: { id: string; label: string; sorts?: boolean }[]
  view: View
  onChange: (change: Change) => void
}

/** The order, also by columns that a narrow screen leaves out. */
export function SortMenu({ columns, view, onChange }: Props) {
  const field = view.order.replace(/^-/, '')
  const descending = view.order.startsWith('-')
  const sort = (by: string, down: boolean) => onChange({ order: (down ? '-' : '') + by })
  return (
    <Menu position='bottom-end' closeOnItemClick={false}>
      <Menu.Target>
        <ActionIcon variant='default' size='lg' aria-label={words.table.sort}>
          <IconArrowsSort size={16} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.RadioGroup value={field} onChange={(by) => sort(by, descending)}>
          {columns
            .filter(({ sorts }) => sorts)
            .map(({ id, label }) => (
              <Menu.RadioItem key={id} value={id}>
                {label}
              </Menu.RadioItem>
            ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.RadioGroup value={String(descending)} onChange={(down) => sort(field, down === 'true')}>
          <Menu.RadioItem value='false'>{words.table.ascending}</Menu.RadioItem>
          <Menu.RadioItem value='true'>{words.table.descending}</Menu.RadioItem>
        </Menu.RadioGroup>
      </Menu.Dropdown>
    </Menu>
  )
}
