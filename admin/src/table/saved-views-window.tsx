import '../feedback/modal-styles'
import { ActionIcon, Anchor, Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import { Link, useLocation } from 'react-router'
import { useReturnFocus } from '../feedback/use-return-focus'
import { usePerson } from '../session/use-person'
import { words } from '../words'
import classes from './list.module.css'
import { keepViews, type SavedView, viewsKept, withView } from './views-kept'

/** The saved views as links, and a field to save the current one. */
export default function SavedViewsWindow({ onClose }: { onClose: () => void }) {
  useReturnFocus(true)
  const { id } = usePerson()
  const { pathname, search } = useLocation()
  const [views, setViews] = useState(() => viewsKept(id, pathname))
  const [name, setName] = useState('')
  const keep = (next: SavedView[]) => {
    keepViews(id, pathname, next)
    setViews(next)
  }
  const save = (event: FormEvent) => {
    event.preventDefault()
    if (name.trim() === '') return
    keep(withView(views, { name: name.trim(), search: withoutPage(search) }))
    setName('')
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={words.views.title}
      size='sm'
      closeButtonProps={{ 'aria-label': words.close }}
    >
      <Stack>
        {views.length === 0 && (
          <Text size='sm' c='dimmed'>
            {words.views.none}
          </Text>
        )}
        {views.length > 0 && (
          <ul className={classes.views} aria-label={words.views.title}>
            {views.map((view) => (
              <li key={view.name}>
                <Anchor component={Link} to={{ pathname, search: view.search }} size='sm' onClick={onClose}>
                  <bdi>{view.name}</bdi>
                </Anchor>
                <ActionIcon
                  variant='subtle'
                  color='gray'
                  aria-label={words.views.remove(view.name)}
                  onClick={() => keep(views.filter((other) => other !== view))}
                >
                  <IconX size={14} aria-hidden />
                </ActionIcon>
              </li>
            ))}
          </ul>
        )}
        <form onSubmit={save}>
          <Group gap='xs' align='flex-end' wrap='nowrap'>
            <TextInput
              flex={1}
              label={words.views.name}
              maxLength={60}
              autoComplete='off'
              data-autofocus
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <Button type='submit' variant='default'>
              {words.save}
            </Button>
          </Group>
        </form>
      </Stack>
    </Modal>
  )
}

/** The page number is not saved. */
function withoutPage(search: string): string {
  const address = new URLSearchParams(search)
  for (const name of ['page', 'cursor']) address.delete(name)
  return address.toString()
}
