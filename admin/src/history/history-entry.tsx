import { Button, Group, Text } from '@mantine/core'
import { useState } from 'react'
import { words } from '../words'
import { changeText } from './change-text'
import { canBeUndone } from './done'
import type { Entry } from './history-data'
import { MetadataChanges } from './metadata-changes'
import { serviceText } from './service-text'
import { TermsChange } from './terms-changes'
import { undoGroupChange } from './undo-toast'
import { Who } from './who'

type Props = {
  groupId: string
  entry: Entry
  /** Who did it. */
  actor: string
  /** Whether the user may undo it. */
  mayUndo: boolean
}

/** One action: who did it and when, its customers, the values before and after, and a button to undo it. */
export function HistoryEntry({ groupId, entry, actor, mayUndo }: Props) {
  const { added, removed, terms, before, after, at, reason } = entry
  const service = serviceText(reason?.type)
  const [undoing, setUndoing] = useState(false)
  const undo = async () => {
    setUndoing(true)
    await undoGroupChange(groupId, entry)
    setUndoing(false)
  }
  return (
    <>
      <Text size='xs' c='dimmed'>
        {words.history.by(service ?? actor, words.moment(at))}
      </Text>
      {before && after && 'metadata' in after && <MetadataChanges before={before.metadata} after={after.metadata} />}
      <TermsChanges at={at} terms={terms} />
      <Group gap='xs' mt={4}>
        {added.length > 0 && <Who label={words.history.whoAdded} ids={added} />}
        {removed.length > 0 && <Who label={words.history.whoRemoved} ids={removed} />}
        {mayUndo && !service && canBeUndone(entry) && (
          <Button
            size='compact-xs'
            variant='subtle'
            aria-label={words.undo.of(changeText(entry))}
            loading={undoing}
            onClick={() => void undo()}
          >
            {words.undo.action}
          </Button>
        )}
      </Group>
    </>
  )
}

const mostTerms = 5

/** The terms of memberships before and after the action, and whose they are. */
function TermsChanges({ at, terms }: Pick<Entry, 'at' | 'terms'>) {
  return (
    <>
      {terms.slice(0, mostTerms).map(({ customer_ids, ...changed }, index) => (
        <TermsChange key={index} at={at} {...changed}>
          <Who label={words.history.whose(customer_ids.length)} ids={customer_ids} />
        </TermsChange>
      ))}
      {terms.length > mostTerms && <Text size='sm'>{words.history.moreTerms(terms.length - mostTerms)}</Text>}
    </>
  )
}
