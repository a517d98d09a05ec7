import { ActionIcon, Button, Group, Stack, Text } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { readCustomersByIds } from '../customers/find-customers'
import classes from './rules.module.css'
import { words } from './words'

type Props = { label: string; ids: string[]; onRemove: (id: string) => void }

const atOnce = 20

/** The customers on a list, each with a button that takes them off. */
export function ListedCustomers({ label, ids, onRemove }: Props) {
  const [most, setMost] = useState(atOnce)
  const shown = ids.slice(0, most)
  const { data } = useQuery({
    queryKey: ['customers', 'named', shown],
    queryFn: () => readCustomersByIds(shown),
    enabled: shown.length > 0,
    placeholderData: keepPreviousData,
  })
  const emails = new Map(data?.map(({ id, email }) => [id, email]))
  if (ids.length === 0) {
    return (
      <Text size='sm' c='dimmed'>
        {words.exceptions.none}
      </Text>
    )
  }
  return (
    <Stack gap='xs' role='list' aria-label={label}>
      {shown.map((id) => {
        const name = emails.get(id) ?? id
        return (
          <Group key={id} gap='xs' wrap='nowrap' role='listitem' className={classes.exception}>
            <Text size='sm'>{name}</Text>
            <ActionIcon
              variant='subtle'
              color='gray'
              aria-label={words.exceptions.remove(name)}
              onClick={() => onRemove(id)}
            >
              <IconX size={14} aria-hidden />
            </ActionIcon>
          </Group>
        )
      })}
      {ids.length > most && (
        <Button size='xs' variant='default' onClick={() => setMost(most + atOnce)}>
          {words.history.moreCustomers(ids.length - most)}
        </Button>
      )}
    </Stack>
  )
}
