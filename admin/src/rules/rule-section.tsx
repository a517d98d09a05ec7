import { ActionIcon, Button, Group, Stack } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPencil } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Suspense } from 'react'
import type { CustomerGroup } from '../api/types'
import { windowCode } from '../feedback/window-code'
import { mayEdit } from '../session/person'
import { usePerson } from '../session/use-person'
import { Facts } from '../shell/facts'
import { Section } from '../shell/section'
import { exceptionsQuery, idsOn } from './exceptions-data'
import { useNamesOfGroups } from './names-of-groups'
import { groupsIn, type Rule } from './rule'
import { RuleOutline } from './rule-outline'
import { RuleState } from './rule-state'
import classes from './rules.module.css'
import { words } from './words'

const edits = windowCode(() => import('./rule-window'))
const exceptions = windowCode(() => import('./exceptions-window'))

/** The rule of an automatic group in words, whether it is applied, and the exceptions from it. */
export default function RuleSection({ group, rule }: { group: CustomerGroup; rule: Rule }) {
  const editor = mayEdit(usePerson())
  const [editing, edit] = useDisclosure(false)
  const [excepting, except] = useDisclosure(false)
  const nameOf = useNamesOfGroups(groupsIn(rule))
  const { data } = useQuery(exceptionsQuery(group.id))
  const counts = (['always', 'never'] as const)
    .map((side) => [side, data ? idsOn(data.sides, side).length : 0] as const)
    .filter(([, count]) => count > 0)
  return (
    <Section
      title={words.rules.title}
      actions={
        editor && (
          <Group gap='xs' wrap='nowrap'>
            <Button size='sm' variant='default' disabled={!data} onClick={except.open} {...exceptions.soon}>
              {words.exceptions.action}
            </Button>
            <ActionIcon
              variant='subtle'
              color='gray'
              aria-label={words.groups.editRule}
              size='input-sm'
              onClick={edit.open}
              {...edits.soon}
            >
              <IconPencil size={18} aria-hidden />
            </ActionIcon>
          </Group>
        )
      }
    >
      <Stack gap='xs' className={classes.body}>
        <RuleState group={group} />
        <div>
          <RuleOutline rule={rule} nameOf={nameOf} />
        </div>
      </Stack>
      {counts.length > 0 && (
        <Facts facts={counts.map(([side, count]) => [words.exceptions.sides[side], words.customers.count(count)])} />
      )}
      <Suspense>
        {editing && <edits.Window group={group} onClose={edit.close} />}
        {excepting && data && <exceptions.Window groupId={group.id} exceptions={data} onClose={except.close} />}
      </Suspense>
    </Section>
  )
}
