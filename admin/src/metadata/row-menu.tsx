import '@mantine/core/styles/Menu.css'
import '@mantine/core/styles/Popover.css'
import { ActionIcon, Menu } from '@mantine/core'
import { IconDots, IconRowInsertBottom, IconRowInsertTop, IconTrash } from '@tabler/icons-react'
import { words } from '../words'
import classes from './metadata-rows.module.css'

type Props = { number: number; onInsertAbove: () => void; onInsertBelow: () => void; onDelete: () => void }

/** Visible when the pointer or the focus is on the row. */
export function RowMenu({ number, onInsertAbove, onInsertBelow, onDelete }: Props) {
  return (
    <Menu position='bottom-end' returnFocus={false}>
      <Menu.Target>
        <ActionIcon
          className={classes.button}
          variant='subtle'
          color='gray'
          aria-label={words.metadata.rowActions(number)}
        >
          <IconDots size={16} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconRowInsertTop size={16} aria-hidden />} onClick={onInsertAbove}>
          {words.metadata.insertAbove}
        </Menu.Item>
        <Menu.Item leftSection={<IconRowInsertBottom size={16} aria-hidden />} onClick={onInsertBelow}>
          {words.metadata.insertBelow}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item c='var(--mantine-color-error)' leftSection={<IconTrash size={16} aria-hidden />} onClick={onDelete}>
          {words.metadata.deleteRow}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
