import { ActionIcon, Menu, Skeleton, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconDots, IconPencil, IconTrash } from '@tabler/icons-react'
import type { CustomerGroup } from '../api/types'
import { mayAdminister, mayEdit } from '../session/person'
import { usePerson } from '../session/use-person'
import { Facts } from '../shell/facts'
import { Section } from '../shell/section'
import { words } from '../words'
import { DeleteGroup } from './delete-group'
import { EditGroup } from './edit-group'

/** The first section: the name, and the ··· menu with Edit and Delete. */
export function NameSection({ group }: { group: CustomerGroup | undefined }) {
  const person = usePerson()
  const [editing, edit] = useDisclosure(false)
  const [deleting, remove] = useDisclosure(false)
  if (!group) {
    return (
      <Section title={words.loading} level={1}>
        <Skeleton height={14} m='md' width='50%' />
      </Section>
    )
  }
  return (
    <Section
      title={group.name}
      level={1}
      note={
        <Text size='sm' c='dimmed'>
          {words.customers.count(group.customer_count)}
        </Text>
      }
      actions={
        mayEdit(person) && (
          <Menu position='bottom-end'>
            <Menu.Target>
              <ActionIcon variant='subtle' color='gray' aria-label={words.groups.actions}>
                <IconDots size={18} aria-hidden />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item leftSection={<IconPencil size={16} aria-hidden />} onClick={edit.open}>
                {words.groups.edit}
              </Menu.Item>
              {mayAdminister(person) && (
                <Menu.Item
                  c='var(--mantine-color-error)'
                  leftSection={<IconTrash size={16} aria-hidden />}
                  onClick={remove.open}
                >
                  {words.groups.delete}
                </Menu.Item>
              )}
            </Menu.Dropdown>
          </Menu>
        )
      }
    >
      <Facts
        facts={[
          [words.groups.id, group.id],
          [words.groups.created, words.moment(group.created_at)],
          [words.groups.updated, words.moment(group.updated_at)],
        ]}
      />
      <EditGroup group={group} opened={editing} onClose={edit.close} />
      <DeleteGroup group={group} opened={deleting} onClose={remove.close} />
    </Section>
  )
}
