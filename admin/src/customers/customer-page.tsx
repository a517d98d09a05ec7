import { useQuery } from '@tanstack/react-query'
import { useParams } from 'react-router'
import { isMissing } from '../api/errors'
import { NotLoaded } from '../feedback/not-loaded'
import { CustomerHistorySection } from '../history/customer-history-section'
import { Crumbs } from '../shell/crumbs'
import { DeadEnd } from '../shell/dead-end'
import { Page } from '../shell/page'
import { words } from '../words'
import { customerQuery } from './customer-data'
import { GroupsSection } from './groups-section'
import { ProfileSection } from './profile-section'

/** A customer's page: the profile and the groups. */
export default function CustomerPage() {
  const { id = '' } = useParams()
  const { data: customer, error } = useQuery(customerQuery(id))
  if (isMissing(error)) {
    const { missing, missingText, back } = words.customers
    return <DeadEnd title={missing} text={missingText} to='/customers' back={back} />
  }
  return (
    <Page key={id} title={customer?.email ?? words.customers.title}>
      {!customer && <NotLoaded error={error} />}
      <Crumbs to='/customers' list={words.customers.title} name={customer?.email ?? '…'} />
      <ProfileSection customer={customer} />
      <GroupsSection customer={customer} />
      <CustomerHistorySection customerId={id} />
    </Page>
  )
}
