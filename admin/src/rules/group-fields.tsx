import { Button, Input, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useState } from 'react'
import { GroupPicker, type PickedGroup } from '../jobs/group-picker'
import { useBuilding } from './building'
import { useNamesOfGroups } from './names-of-groups'
import classes from './rules.module.css'
import { words } from './words'

type Props = { number: string; ids: string[]; error: string | undefined; onChange: (ids: string[]) => void }

/** The customer groups of a condition. The list to choose from is opened by a button. */
export function GroupFields({ number, ids, error, onChange }: Props) {
  const { groupId } = useBuilding()
  const [isOpen, { toggle }] = useDisclosure(false)
  const [known, setKnown] = useState<PickedGroup[]>([])
  const readName = useNamesOfGroups(ids)
  const picked = ids.map((id) => known.find((one) => one.id === id) ?? { id, name: readName(id) })
  const { rules } = words
  return (
    <Stack gap='xs' className={classes.wide}>
      {!isOpen && picked.length > 0 && <Text size='sm'>{words.list(picked.map(({ name }) => name))}</Text>}
      {isOpen && (
        <GroupPicker
          label={rules.groupsOf(number)}
          several
          first
          except={groupId}
          picked={picked}
          onPick={(chosen) => {
            setKnown(chosen)
            onChange(chosen.map(({ id }) => id))
          }}
        />
      )}
      <Button
        size='xs'
        variant='default'
        className={classes.choose}
        aria-expanded={isOpen}
        aria-label={isOpen ? rules.groupsChosen(number) : rules.chooseGroupsOf(number)}
        aria-invalid={Boolean(error)}
        onClick={toggle}
      >
        {isOpen ? rules.done : rules.chooseGroups}
      </Button>
      {error && <Input.Error>{error}</Input.Error>}
    </Stack>
  )
}
