import { ActionIcon, Menu, Skeleton } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconDots, IconPencil, IconTrash } from '@tabler/icons-react'
import type { Customer } from '../api/types'
import { mayAdminister } from '../session/person'
import { usePerson } from '../session/use-person'
import { Facts } from '../shell/facts'
import { Section } from '../shell/section'
import { words } from '../words'
import { fullName } from './customer-columns'
import { CustomerForm } from './customer-form'
import { DeleteCustomer } from './delete-customer'

export function ProfileSection({ customer }: { customer: Customer | undefined }) {
  const admin = mayAdminister(usePerson())
  const [editing, edit] = useDisclosure(false)
  const [deleting, remove] = useDisclosure(false)
  if (!customer) {
    return (
      <Section title={words.loading} level={1}>
        <Skeleton height={14} m='md' width='50%' />
      </Section>
    )
  }
  return (
    <Section
      title={customer.email ?? customer.id}
      level={1}
      actions={
        admin && (
          <Menu position='bottom-end'>
            <Menu.Target>
              <ActionIcon variant='subtle' color='gray' aria-label={words.customers.actions}>
                <IconDots size={18} aria-hidden />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item leftSection={<IconPencil size={16} aria-hidden />} onClick={edit.open}>
                {words.customers.edit}
              </Menu.Item>
              <Menu.Item
                c='var(--mantine-color-error)'
                leftSection={<IconTrash size={16} aria-hidden />}
                onClick={remove.open}
              >
                {words.customers.delete}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
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
          [words.groups.id, customer.id],
        ]}
      />
      {editing && <CustomerForm customer={customer} onClose={edit.close} />}
      <DeleteCustomer customer={customer} opened={deleting} onClose={remove.close} />
    </Section>
  )
}
