import { useQuery } from '@tanstack/react-query'
import { useParams } from 'react-router'
import { isMissing } from '../api/errors'
import { Problem } from '../feedback/problem'
import { DeadEnd } from '../shell/dead-end'
import { Page } from '../shell/page'
import { words } from '../words'
import { groupQuery } from './group-data'
import { HistorySection } from './history-section'
import { MembersSection } from './members-section'
import { MetadataSection } from './metadata-section'
import { NameSection } from './name-section'

/** The customer group's details page. Its sections ask at the same time and fill as answers come. */
export default function GroupPage() {
  const { id = '' } = useParams()
  const { data: group, error, refetch } = useQuery(groupQuery(id))
  if (isMissing(error)) {
    const { missing, missingText, back } = words.groups
    return <DeadEnd title={missing} text={missingText} to='/customer-groups' back={back} />
  }
  return (
    // Another group is another page: its selection and its open windows are its own.
    <Page key={id} title={group?.name ?? words.groups.title}>
      {error && !group && <Problem error={error} onRetry={() => void refetch()} />}
      <NameSection group={group} />
      <MembersSection groupId={id} groupName={group?.name ?? ''} />
      <MetadataSection group={group} />
      <HistorySection groupId={id} />
    </Page>
  )
}
