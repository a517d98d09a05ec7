import { useDisclosure } from '@mantine/hooks'
import { IconPencil, IconTrash } from '@tabler/icons-react'
import { Suspense } from 'react'
import type { Customer } from '../api/types'
import { windowCode } from '../feedback/window-code'
import { useAction } from '../keys/actions'
import { mayAdminister } from '../session/person'
import { usePerson } from '../session/use-person'
import { CopyId } from '../shell/copy-id'
import { Facts, FactsSkeleton } from '../shell/facts'
import { MoreMenu } from '../shell/more-menu'
import { Section } from '../shell/section'
import { words } from '../words'
import { fullName } from './customer-columns'

const edits = windowCode(async () => ({ default: (await import('./customer-form')).EditCustomer }))
const deletes = windowCode(async () => ({ default: (await import('./delete-customer')).DeleteCustomer }))

export function ProfileSection({ customer }: { customer: Customer | undefined }) {
  const admin = mayAdminister(usePerson())
  const [editing, edit] = useDisclosure(false)
  const [deleting, remove] = useDisclosure(false)
  useAction({ label: words.customers.editTitle, run: edit.open }, admin && Boolean(customer))
  useAction({ label: words.customers.deleteThis, run: remove.open }, admin && Boolean(customer))
  if (!customer) {
    return (
      <Section title={words.loading} level={1}>
        <FactsSkeleton count={6} />
      </Section>
    )
  }
  return (
    <Section
      title={customer.email ?? customer.id}
      level={1}
      actions={
        admin && (
          <MoreMenu
            label={words.customers.actions}
            entries={[
              { label: words.customers.edit, icon: <IconPencil size={16} aria-hidden />, onClick: edit.open },
              {
                label: words.customers.delete,
                icon: <IconTrash size={16} aria-hidden />,
                danger: true,
                onClick: remove.open,
              },
            ]}
          />
        )
      }
    >
      <Facts
        facts={[
          [words.customers.name, fullName(customer) || words.none],
          [words.customers.company, customer.company_name || words.none],
          [words.customers.phone, customer.phone || words.none],
          [words.customers.account, words.customers.accounts[customer.has_account ? 'yes' : 'no']],
          [words.customers.created, words.moment(customer.created_at)],
          [words.groups.id, <CopyId key='id' id={customer.id} />],
          ...(customer.key ? [[words.groups.key, customer.key] as const] : []),
        ]}
      />
      <Suspense>
        {editing && <edits.Window customer={customer} onClose={edit.close} />}
        {deleting && <deletes.Window customer={customer} opened onClose={remove.close} />}
      </Suspense>
    </Section>
  )
}
