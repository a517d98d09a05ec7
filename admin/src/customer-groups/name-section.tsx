import { Group, Skeleton, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconCopy, IconFilter, IconFilterOff, IconPencil, IconTrash } from '@tabler/icons-react'
import { Suspense } from 'react'
import type { CustomerGroup } from '../api/types'
import { GrowthLine } from '../growth/growth-line'
import { windowCode } from '../feedback/window-code'
import { useAction } from '../keys/actions'
import { mayAdminister, mayEdit } from '../session/person'
import { usePerson } from '../session/use-person'
import { CopyId } from '../shell/copy-id'
import { Facts, FactsSkeleton } from '../shell/facts'
import { MoreMenu } from '../shell/more-menu'
import { Section } from '../shell/section'
import { words } from '../words'

const edits = windowCode(async () => ({ default: (await import('./edit-group')).EditGroup }))
const rules = windowCode(() => import('../rules/rule-window'))
const manuals = windowCode(() => import('../rules/make-manual'))
const duplicates = windowCode(() => import('../jobs/duplicate-window'))
const deletes = windowCode(async () => ({ default: (await import('./delete-group')).DeleteGroup }))

/** The first section: the name, and the ··· menu with Edit, the rule, Duplicate and Delete. */
export function NameSection({ group }: { group: CustomerGroup | undefined }) {
  const person = usePerson()
  const [editing, edit] = useDisclosure(false)
  const [ruling, rule] = useDisclosure(false)
  const [freeing, free] = useDisclosure(false)
  const [duplicating, duplicate] = useDisclosure(false)
  const [deleting, remove] = useDisclosure(false)
  useAction({ label: words.groups.editTitle, run: edit.open }, mayEdit(person) && Boolean(group))
  useAction({ label: words.groups.deleteThis, run: remove.open }, mayAdminister(person) && Boolean(group))
  const ruleLabel = group?.rule ? words.groups.editRule : words.groups.makeAutomatic
  useAction({ label: ruleLabel, run: rule.open }, mayEdit(person) && Boolean(group))
  const manual = {
    label: words.groups.makeManual,
    icon: <IconFilterOff size={16} aria-hidden />,
    onClick: free.open,
  }
  const deletion = {
    label: words.groups.delete,
    icon: <IconTrash size={16} aria-hidden />,
    danger: true,
    onClick: remove.open,
  }
  if (!group) {
    return (
      <Section title={words.loading} level={1} note={<Skeleton height={14} my={4} width={90} />}>
        <FactsSkeleton count={3} />
      </Section>
    )
  }
  return (
    <Section
      title={group.name}
      level={1}
      note={
        <Group gap='md' wrap='nowrap'>
          <Text size='sm' c='dimmed'>
            {words.customers.count(group.customer_count)}
          </Text>
          <GrowthLine group={group} />
        </Group>
      }
      actions={
        mayEdit(person) && (
          <MoreMenu
            label={words.groups.actions}
            entries={[
              { label: words.groups.edit, icon: <IconPencil size={16} aria-hidden />, onClick: edit.open },
              { label: ruleLabel, icon: <IconFilter size={16} aria-hidden />, onClick: rule.open },
              ...(group.rule ? [manual] : []),
              {
                label: words.bulk.duplicate,
                icon: <IconCopy size={16} aria-hidden />,
                onClick: duplicate.open,
              },
              ...(mayAdminister(person) ? [deletion] : []),
            ]}
          />
        )
      }
    >
      <Facts
        facts={[
          [words.groups.id, <CopyId key='id' id={group.id} />],
          ...(group.key ? [[words.groups.key, group.key] as const] : []),
          [words.groups.created, words.moment(group.created_at)],
          [words.groups.updated, words.moment(group.updated_at)],
        ]}
      />
      <Suspense>
        {editing && <edits.Window group={group} opened onClose={edit.close} />}
        {ruling && <rules.Window group={group} onClose={rule.close} />}
        {freeing && <manuals.Window group={group} onClose={free.close} />}
        {duplicating && <duplicates.Window group={group} onClose={duplicate.close} />}
        {deleting && <deletes.Window group={group} opened onClose={remove.close} />}
      </Suspense>
    </Section>
  )
}
