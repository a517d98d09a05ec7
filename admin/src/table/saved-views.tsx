import { ActionIcon } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconBookmarks } from '@tabler/icons-react'
import { Suspense } from 'react'
import { windowCode } from '../feedback/window-code'
import { words } from '../words'

const window = windowCode(() => import('./saved-views-window'))

/** Opens the saved views of the list. */
export function SavedViews() {
  const [opened, { open, close }] = useDisclosure(false)
  return (
    <>
      <ActionIcon variant='default' size='input-sm' aria-label={words.views.title} onClick={open} {...window.soon}>
        <IconBookmarks size={16} aria-hidden />
      </ActionIcon>
      <Suspense>{opened && <window.Window onClose={close} />}</Suspense>
    </>
  )
}
