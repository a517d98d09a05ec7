import { Text } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import type { CustomerGroup } from '../api/types'
import { changeGroup, readGroup } from '../customer-groups/group-data'
import { groupKeys } from '../customer-groups/group-list-data'
import { useEdit } from '../edit/use-edit'
import { Confirm } from '../feedback/confirm'
import { Notice } from '../feedback/notice'
import { done } from '../feedback/toast'
import { sameValue, type Value } from '../metadata/value'
import { useNamesOfGroups } from './names-of-groups'
import { groupsIn, type Rule } from './rule'
import { ruleText } from './rule-text'
import { words } from './words'

type Props = { group: CustomerGroup; onClose: () => void }

/** Confirms that the rule of a group is removed. If someone has changed it meanwhile, their rule is shown first. */
export default function MakeManual({ group, onClose }: Props) {
  const cache = useQueryClient()
  const edit = useEdit<CustomerGroup, Value>({
    opened: group,
    fieldsOf: ({ rule }) => ({ rule }),
    isSame: sameValue,
    read: () => readGroup(group.id),
    send: (base) => changeGroup(base, { rule: null }),
    onSaved: (saved) => {
      cache.setQueryData(groupKeys.one(saved.id), saved)
      done(words.rules.madeManual)
      onClose()
    },
  })
  const theirs = (edit.clashes?.[0]?.theirs ?? null) as Rule | null
  const nameOf = useNamesOfGroups(theirs ? groupsIn(theirs) : [])
  return (
    <Confirm
      opened
      title={words.rules.makeManualTitle}
      text={words.rules.makeManualText}
      action={words.groups.makeManual}
      irreversible
      busy={edit.isPending}
      error={edit.error}
      onConfirm={() => (edit.clashes ? edit.saveDecided(new Set()) : edit.save({ rule: null }))}
      onCancel={onClose}
    >
      {theirs && (
        <Notice kind='choice' title={words.conflict.title}>
          <Text size='sm'>{ruleText(theirs, nameOf)}</Text>
        </Notice>
      )}
    </Confirm>
  )
}
