import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Suspense } from 'react'
import { useParams } from 'react-router'
import { isMissing } from '../api/errors'
import { NotLoaded } from '../feedback/not-loaded'
import { Crumbs } from '../shell/crumbs'
import { DeadEnd } from '../shell/dead-end'
import { lazyCode } from '../shell/lazy-code'
import { Page } from '../shell/page'
import { Section } from '../shell/section'
import { useSeen } from '../shell/use-seen'
import { words } from '../words'
import { groupQuery } from './group-data'
import { UsedBySection } from '../references/used-by-section'
import { MembersSection } from './members-section'
import { MetadataSection } from './metadata-section'
import { NameSection } from './name-section'

const RuleSection = lazyCode(() => import('../rules/rule-section'))
const HistorySection = lazyCode(() => import('../history/history-section'))

/** The customer group's details page. Its sections ask at the same time and fill as answers come. */
export default function GroupPage() {
  const { id = '' } = useParams()
  const { data: group, error } = useQuery(groupQuery(id))
  if (isMissing(error)) {
    const { missing, missingText, back } = words.groups
    return <DeadEnd title={missing} text={missingText} to='/customer-groups' back={back} />
  }
  return (
    // Another group is another page: its selection and its open windows are its own.
    <Page key={id} title={group?.name ?? words.groups.title}>
      {!group && <NotLoaded error={error} />}
      <Crumbs to='/customer-groups' list={words.groups.title} name={group?.name ?? '…'} />
      <NameSection group={group} />
      <Suspense>{group?.rule && <RuleSection group={group} rule={group.rule} />}</Suspense>
      <MembersSection groupId={id} group={group} />
      <MetadataSection group={group} />
      <FurtherDown groupId={id} />
    </Page>
  )
}

/** What is below the first screen of most groups. It is loaded and read when it comes into view. */
function FurtherDown({ groupId }: { groupId: string }) {
  const { ref, seen } = useSeen()
  const soon = (
    <Section ref={ref} title={words.history.title}>
      <Skeleton height={14} width='40%' m='md' />
    </Section>
  )
  return (
    <>
      <UsedBySection groupId={groupId} seen={seen} />
      <Suspense fallback={soon}>{seen ? <HistorySection groupId={groupId} /> : soon}</Suspense>
    </>
  )
}
