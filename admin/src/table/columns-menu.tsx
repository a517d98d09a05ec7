import { ActionIcon } from '@mantine/core'
import { IconColumns3 } from '@tabler/icons-react'
import { MenuButton } from '../shell/menu-button'
import { words } from '../words'
import classes from './list.module.css'
import type { Change, View } from './view'

type Props = {
  columns: { id: string; label: string }[]
  optional: readonly string[]
  view: View
  onChange: (change: Change) => void
}

/** The columns that the list shows. The first one is always shown. Narrow screens have a fixed selection. */
export function ColumnsMenu({ columns, optional, view, onChange }: Props) {
  const show = (shown: string[]) => onChange({ hidden: optional.filter((id) => !shown.includes(id)) })
  return (
    <MenuButton
      staysOpen
      button={
        <ActionIcon variant='default' size='input-sm' className={classes.wide ?? ''} aria-label={words.table.columns}>
          <IconColumns3 size={16} aria-hidden />
        </ActionIcon>
      }
      entries={[
        {
          checks: columns.flatMap(({ id, label }) => (optional.includes(id) ? [{ value: id, label }] : [])),
          checked: optional.filter((id) => !view.hidden.includes(id)),
          onCheck: show,
        },
      ]}
    />
  )
}
