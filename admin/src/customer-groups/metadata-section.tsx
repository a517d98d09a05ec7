import { ActionIcon, Skeleton, Table, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPencil } from '@tabler/icons-react'
import type { CustomerGroup } from '../api/types'
import { EmptyList } from '../feedback/empty-list'
import { isNumber, type Value, valueText } from '../metadata/value'
import { mayEdit } from '../session/person'
import { usePerson } from '../session/use-person'
import { Section } from '../shell/section'
import { words } from '../words'
import classes from './metadata-section.module.css'
import { MetadataWindow } from './metadata-window'

/** The group's keys and values, and the icon that opens the window to edit them. */
export function MetadataSection({ group }: { group: CustomerGroup | undefined }) {
  const editor = mayEdit(usePerson())
  const [editing, { open, close }] = useDisclosure(false)
  const entries = Object.entries(group?.metadata ?? {})
  return (
    <Section
      title={words.metadata.title}
      note={
        entries.length > 0 && (
          <Text size='sm' c='dimmed'>
            {words.metadata.count(entries.length)}
          </Text>
        )
      }
      actions={
        editor && (
          <ActionIcon variant='subtle' color='gray' aria-label={words.metadata.edit} onClick={open} disabled={!group}>
            <IconPencil size={18} aria-hidden />
          </ActionIcon>
        )
      }
    >
      {!group && <Skeleton height={14} m='md' width='40%' />}
      {group && entries.length === 0 && <EmptyList title={words.metadata.empty} text={words.metadata.emptyText} />}
      {entries.length > 0 && (
        <Table className={classes.values} aria-label={words.metadata.title}>
          <Table.Tbody>
            {entries.map(([key, value]) => (
              <Table.Tr key={key}>
                <Table.Th scope='row'>{key}</Table.Th>
                <Table.Td>{shown(value)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      {editing && group && <MetadataWindow group={group} onClose={close} />}
    </Section>
  )
}

function shown(value: Value): string {
  if (value === null) return words.metadata.nothing
  if (typeof value === 'boolean') return value ? words.metadata.yes : words.metadata.no
  if (typeof value === 'string') return value
  return isNumber(value) ? value.value : valueText(value)
}
