import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { Suspense, useState } from 'react'
import { EmptyList } from '../feedback/empty-list'
import { windowCode } from '../feedback/window-code'
import { mayEdit } from '../session/person'
import { usePerson } from '../session/use-person'
import { Page } from '../shell/page'
import { Section } from '../shell/section'
import { List } from '../table/list'
import { useAddressView } from '../table/use-address-view'
import { useList } from '../table/use-list'
import { words } from '../words'
import { GroupsMenu } from '../jobs/groups-menu'
import { groupColumns, groupList } from './group-columns'
import { groupKeys, readGroups } from './group-list-data'
import { SelectedGroups } from './selected-groups'

const creates = windowCode(() => import('./create-group'))

/** Customers → Customer Groups. */
export default function GroupsPage() {
  const editor = mayEdit(usePerson())
  const [view, change] = useAddressView(groupList)
  const answer = useList(groupKeys.list(view), (signal) => readGroups(view, signal))
  const [creating, { open, close }] = useDisclosure(false)
  // With their names, since they may be on another page by the time something is done with them.
  const [checked, setChecked] = useState<ReadonlyMap<string, string>>(new Map())
  const nameOf = (id: string) =>
    answer.data?.customer_groups.find((group) => group.id === id)?.name ?? checked.get(id) ?? id
  const check = (ids: string[]) => setChecked(new Map(ids.map((id) => [id, nameOf(id)])))
  const uncheck = (ids: string[]) => setChecked(new Map([...checked].filter(([id]) => !ids.includes(id))))
  const ids = [...checked.keys()]
  const create = editor && (
    <Button size='sm' onClick={open} {...creates.soon}>
      {words.groups.create}
    </Button>
  )
  return (
    <Page title={words.groups.title}>
      <Section
        title={words.groups.title}
        level={1}
        actions={
          editor && (
            <>
              <GroupsMenu />
              {create}
            </>
          )
        }
      >
        <List
          label={words.groups.title}
          searchLabel={words.groups.search}
          columns={groupColumns}
          answer={answer}
          rowsOf={(groups) => groups.customer_groups}
          view={view}
          onChange={change}
          filters={groupList.filters}
          optional={groupList.optional}
          keepsViews
          {...(editor && { checks: { checked: ids, onCheck: check, nameOf } })}
          empty={
            <EmptyList title={words.groups.empty} text={editor ? words.groups.emptyText : words.groups.emptyTextViewer}>
              {create}
            </EmptyList>
          }
        />
      </Section>
      <SelectedGroups ids={ids} nameOf={nameOf} onUncheck={uncheck} />
      <Suspense>{creating && <creates.Window onClose={close} />}</Suspense>
    </Page>
  )
}
