import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { Suspense } from 'react'
import { EmptyList } from '../feedback/empty-list'
import { windowCode } from '../feedback/window-code'
import { mayAdminister } from '../session/person'
import { usePerson } from '../session/use-person'
import { Page } from '../shell/page'
import { Section } from '../shell/section'
import { List } from '../table/list'
import { useAddressView } from '../table/use-address-view'
import { useList } from '../table/use-list'
import { words } from '../words'
import { customerColumns, customerList } from './customer-columns'
import { customerKeys, readCustomers } from './customer-data'

const creates = windowCode(async () => ({ default: (await import('./customer-form')).CreateCustomer }))

/** All customers. */
export default function CustomersPage() {
  const admin = mayAdminister(usePerson())
  const [view, change] = useAddressView(customerList)
  const answer = useList(customerKeys.list(view), (signal) => readCustomers(view, signal))
  const [creating, { open, close }] = useDisclosure(false)
  const create = admin && (
    <Button size='sm' onClick={open} {...creates.soon}>
      {words.customers.create}
    </Button>
  )
  return (
    <Page title={words.customers.title}>
      <Section title={words.customers.title} level={1} actions={create}>
        <List
          label={words.customers.title}
          searchLabel={words.customers.search}
          columns={customerColumns}
          answer={answer}
          rowsOf={(page) => page.customers}
          view={view}
          onChange={change}
          filters={customerList.filters}
          optional={customerList.optional}
          keepsViews
          empty={
            <EmptyList title={words.customers.empty} text={words.customers.emptyText}>
              {create}
            </EmptyList>
          }
        />
      </Section>
      <Suspense>{creating && <creates.Window onClose={close} />}</Suspense>
    </Page>
  )
}
