import { ActionIcon, Checkbox, Group, Loader, Stack, Text } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { groupKeys, readGroups } from '../customer-groups/group-list-data'
import { NotLoaded } from '../feedback/not-loaded'
import { SearchBox } from '../table/search-box'
import { useWindowView } from '../table/use-window-view'
import { words } from './words'
import { Choices } from './choices'
import classes from './jobs.module.css'

export type PickedGroup = { id: string; name: string }

type Props = {
  label: string
  picked: PickedGroup[]
  /** Several groups, in the order in which they were selected. */
  several?: boolean
  /** A group that cannot be selected. */
  except?: string
  first?: boolean
  disabled?: boolean
  onPick: (picked: PickedGroup[]) => void
}

const shown = 8

/** Searches and selects a customer group by its name. */
export function GroupPicker({
  label,
  picked,
  several = false,
  except,
  first = false,
  disabled = false,
  onPick,
}: Props) {
  const [view, change] = useWindowView('name', shown)
  const [found, setFound] = useState<PickedGroup[]>([])
  const { data, error } = useQuery({
    queryKey: groupKeys.list(view),
    queryFn: ({ signal }) => readGroups(view, signal),
    placeholderData: keepPreviousData,
  })
  const groups = data?.customer_groups.filter(({ id }) => id !== except)
  const pick = (id: string) => {
    const group = groups?.find((one) => one.id === id) ?? found.find((one) => one.id === id)
    if (!group) return
    const others = picked.filter((one) => one.id !== id)
    const one = { id, name: group.name }
    setFound([...found, one])
    onPick(several ? (others.length < picked.length ? others : [...others, one]) : [one])
  }
  const rows = groups?.map(({ id, name, customer_count }) => ({
    value: id,
    label: name,
    description: words.customers.count(customer_count),
  }))
  return (
    <Stack gap='xs' role='group' aria-label={label} className={classes.picker}>
      <Text size='sm' fw={500}>
        {label}
      </Text>
      {picked.map(({ id, name }) => (
        <Group key={id} gap='xs' wrap='nowrap' className={classes.picked}>
          <Text size='sm'>
            <bdi>{name}</bdi>
          </Text>
          <ActionIcon
            variant='subtle'
            color='gray'
            aria-label={words.jobs.unpick(name)}
            disabled={disabled}
            onClick={() => onPick(picked.filter((one) => one.id !== id))}
          >
            <IconX size={14} aria-hidden />
          </ActionIcon>
        </Group>
      ))}
      <SearchBox label={words.groups.search} first={first} q={view.q} onSearch={(q) => change({ q })} />
      {!rows && !error && <Loader size='xs' aria-label={words.loading} />}
      {!rows && <NotLoaded error={error} />}
      {rows?.length === 0 && (
        <Text size='sm' c='dimmed'>
          {words.table.noMatch}
        </Text>
      )}
      {rows && rows.length > 0 && !several && (
        <Choices
          label={words.groups.title}
          value={picked[0]?.id ?? null}
          choices={rows}
          disabled={disabled}
          onChoose={pick}
        />
      )}
      {several &&
        rows?.map(({ value, ...text }) => (
          <Checkbox
            key={value}
            {...text}
            checked={picked.some(({ id }) => id === value)}
            disabled={disabled}
            onChange={() => pick(value)}
          />
        ))}
      {data && data.count > shown && (
        <Text size='xs' c='dimmed'>
          {words.jobs.searchForMore}
        </Text>
      )}
    </Stack>
  )
}
