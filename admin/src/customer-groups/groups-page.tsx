import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { lazy, Suspense } from 'react'
import { EmptyList } from '../feedback/empty-list'
import { mayEdit } from '../session/person'
import { usePerson } from '../session/use-person'
import { Page } from '../shell/page'
import { Section } from '../shell/section'
import { List } from '../table/list'
import { useAddressView } from '../table/use-address-view'
import { useList } from '../table/use-list'
import { words } from '../words'
import { groupColumns, groupList } from './group-columns'
import { groupKeys, readGroups } from './group-list-data'

const CreateGroup = lazy(() => import('./create-group'))

/** Customers → Customer Groups. */
export default function GroupsPage() {
  const editor = mayEdit(usePerson())
  const [view, change] = useAddressView(groupList)
  const answer = useList(groupKeys.list(view), (signal) => readGroups(view, signal))
  const [creating, { open, close }] = useDisclosure(false)
  const create = editor && (
    <Button size='sm' onClick={open}>
      {words.groups.create}
    </Button>
  )
  return (
    <Page title={words.groups.title}>
      <Section title={words.groups.title} level={1} actions={create}>
        <List
          label={words.groups.title}
          searchLabel={words.groups.search}
          columns={groupColumns}
          answer={answer}
          rowsOf={(groups) => groups.customer_groups}
          view={view}
          onChange={change}
          filters={groupList.filters}
          empty={
            <EmptyList title={words.groups.empty} text={editor ? words.groups.emptyText : words.groups.emptyTextViewer}>
              {create}
            </EmptyList>
          }
        />
      </Section>
      <Suspense>{creating && <CreateGroup onClose={close} />}</Suspense>
    </Page>
  )
}
