import { useQuery } from '@tanstack/react-query'
import { useParams } from 'react-router'
import { isMissing } from '../api/errors'
import { Problem } from '../feedback/problem'
import { DeadEnd } from '../shell/dead-end'
import { Page } from '../shell/page'
import { words } from '../words'
import { customerQuery } from './customer-data'
import { GroupsSection } from './groups-section'
import { ProfileSection } from './profile-section'

/** A customer: their profile, and the groups they are in. */
export default function CustomerPage() {
  const { id = '' } = useParams()
  const { data: customer, error, refetch } = useQuery(customerQuery(id))
  if (isMissing(error)) {
    const { missing, missingText, back } = words.customers
    return <DeadEnd title={missing} text={missingText} to='/customers' back={back} />
  }
  return (
    <Page key={id} title={customer?.email ?? words.customers.title}>
      {error && !customer && <Problem error={error} onRetry={() => void refetch()} />}
      <ProfileSection customer={customer} />
      <GroupsSection customer={customer} />
    </Page>
  )
}
