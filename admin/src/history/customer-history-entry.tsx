import { Anchor, Text } from '@mantine/core'
import { Link } from 'react-router'
import type { CustomerChange } from '../api/types'
import { labelOf } from '../customers/profile-values'
import { words } from '../words'
import { changedNames } from './customer-history-data'
import { serviceText } from './service-text'
import { TermsChange } from './terms-changes'

type Props = {
  entry: CustomerChange
  /** The actor. */
  actor: string
}

/** An action: the actor, the time, what was changed, and which groups were joined and left. */
export function CustomerHistoryEntry({ entry, actor }: Props) {
  const { at, joined, left, terms, reason } = entry
  const names = changedNames(entry).map((name) => (name === 'metadata' ? words.metadata.title : labelOf(name)))
  return (
    <>
      <Text size='xs' c='dimmed'>
        {words.history.by(serviceText(reason?.type) ?? actor, words.moment(at))}
      </Text>
      {reason?.type === 'job' && (
        <Text size='xs' c='dimmed'>
          {words.customerHistory.byJob(reason.id)}
        </Text>
      )}
      {names.length > 0 && <Text size='sm'>{names.join(', ')}</Text>}
      <Groups label={words.customerHistory.joined} groups={joined} />
      <Groups label={words.customerHistory.left} groups={left} />
      {terms.map(({ group, ...changed }, index) => (
        <TermsChange key={index} at={at} {...changed}>
          <GroupLink {...group} />:
        </TermsChange>
      ))}
    </>
  )
}

function Groups({ label, groups }: { label: string; groups: CustomerChange['joined'] }) {
  if (groups.length === 0) return null
  return (
    <Text size='sm'>
      {label}{' '}
      {groups.map(({ id, name }, index) => (
        <span key={id}>
          {index > 0 && ', '}
          <GroupLink id={id} name={name} />
        </span>
      ))}
    </Text>
  )
}

// Underlined, because a link in a sentence must differ by more than its color.
const GroupLink = ({ id, name }: CustomerChange['joined'][number]) => (
  <Anchor component={Link} to={`/customer-groups/${id}`} size='sm' underline='always'>
    {name ?? id}
  </Anchor>
)
