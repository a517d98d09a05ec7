import { ActionIcon } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import { MenuButton } from './menu-button'
import type { MenuEntry } from './menu-entries'

/** The ··· of a section. */
export function MoreMenu({ label, entries }: { label: string; entries: MenuEntry[] }) {
  return (
    <MenuButton
      button={
        <ActionIcon variant='subtle' color='gray' size='input-sm' aria-label={label}>
          <IconDots size={18} aria-hidden />
        </ActionIcon>
      }
      entries={entries}
    />
  )
}
