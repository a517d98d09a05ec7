import { ActionIcon, Skeleton, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPencil } from '@tabler/icons-react'
import { Suspense } from 'react'
import type { CustomerGroup } from '../api/types'
import { EmptyList } from '../feedback/empty-list'
import { windowCode } from '../feedback/window-code'
import { isNumber, type Value, valueText } from '../metadata/value'
import { useAction } from '../keys/actions'
import { mayEdit } from '../session/person'
import { usePerson } from '../session/use-person'
import { Section } from '../shell/section'
import { words } from '../words'
import table from '../table/table.module.css'
import classes from './metadata-section.module.css'

const edits = windowCode(async () => ({ default: (await import('./metadata-window')).MetadataWindow }))

/** The group's metadata, and the icon that opens the window to edit it. */
export function MetadataSection({ group }: { group: CustomerGroup | undefined }) {
  const editor = mayEdit(usePerson())
  const [editing, { open, close }] = useDisclosure(false)
  useAction({ label: words.metadata.editTitle, run: open }, editor && Boolean(group))
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
          <ActionIcon
            variant='subtle'
            color='gray'
            aria-label={words.metadata.edit}
            size='input-sm'
            onClick={open}
            disabled={!group}
            {...edits.soon}
          >
            <IconPencil size={18} aria-hidden />
          </ActionIcon>
        )
      }
    >
      {!group && <Skeleton height={14} m='md' width='40%' data-skeleton />}
      {group && entries.length === 0 && <EmptyList title={words.metadata.empty} text={words.metadata.emptyText} />}
      {entries.length > 0 && (
        <table className={`${table.table} ${classes.values}`} aria-label={words.metadata.title}>
          <tbody>
            {entries.map(([key, value]) => (
              <tr key={key}>
                <th scope='row'>{key}</th>
                <td>{shown(value)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <Suspense>{editing && group && <edits.Window group={group} onClose={close} />}</Suspense>
    </Section>
  )
}

function shown(value: Value): string {
  if (value === null) return words.metadata.nothing
  if (typeof value === 'boolean') return value ? words.metadata.yes : words.metadata.no
  if (typeof value === 'string') return value
  return isNumber(value) ? value.value : valueText(value)
}
