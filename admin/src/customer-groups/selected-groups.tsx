import { Button, CloseButton, Paper, Text } from '@mantine/core'
import { Suspense, useState } from 'react'
import { windowCode } from '../feedback/window-code'
import { useAction } from '../keys/actions'
import bar from '../membership/selection-bar.module.css'
import { mayAdminister } from '../session/person'
import { usePerson } from '../session/use-person'
import { words } from '../words'

const exports = windowCode(() => import('../jobs/export-window'))
const combines = windowCode(() => import('../jobs/combine-window'))
const deletes = windowCode(() => import('./delete-groups'))

type Props = {
  ids: string[]
  nameOf: (id: string) => string
  onUncheck: (ids: string[]) => void
}

/** The bar at the bottom centre of the list: how many groups are checked, and what can be done with them. */
export function SelectedGroups({ ids, nameOf, onUncheck }: Props) {
  const admin = mayAdminister(usePerson())
  const [opened, setOpened] = useState<'export' | 'combine' | 'delete' | null>(null)
  useAction({ label: words.groups.deleteSelected, run: () => setOpened('delete') }, admin && ids.length > 0)
  if (ids.length === 0) return null
  const close = () => setOpened(null)
  const groups = ids.map((id) => ({ id, name: nameOf(id) }))
  const actions = [
    { name: 'export', label: words.bulk.export, soon: exports.soon, offered: true },
    { name: 'combine', label: words.bulk.combine, soon: combines.soon, offered: ids.length > 1 },
    { name: 'delete', label: words.groups.delete, soon: deletes.soon, offered: admin },
  ] as const
  return (
    <>
      <Paper
        className={bar.bar}
        data-floats
        component='section'
        withBorder
        shadow='md'
        aria-label={words.selection.label}
      >
        <Text size='sm' role='status'>
          {words.selection.selected(ids.length)}
        </Text>
        {actions.map(
          ({ name, label, soon, offered }) =>
            offered && (
              <Button key={name} size='xs' variant='default' onClick={() => setOpened(name)} {...soon}>
                {label}
              </Button>
            ),
        )}
        <CloseButton size={30} aria-label={words.selection.clear} onClick={() => onUncheck(ids)} />
      </Paper>
      <Suspense>
        {opened === 'export' && <exports.Window groups={groups} onClose={close} />}
        {opened === 'combine' && <combines.Window groups={groups} onClose={close} />}
        {opened === 'delete' && <deletes.Window ids={ids} nameOf={nameOf} onClose={close} onDeleted={onUncheck} />}
      </Suspense>
    </>
  )
}
