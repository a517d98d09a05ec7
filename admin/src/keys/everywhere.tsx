import { Suspense } from 'react'
import { useLocation, useNavigate } from 'react-router'
import { mayAdminister, mayEdit } from '../session/person'
import { usePerson } from '../session/use-person'
import { lazyCode } from '../shell/lazy-code'
import { words } from '../words'
import { useAction } from './actions'
import { openWindow, useOpened } from './opened'
import { findKey, useKeys } from './use-keys'

const FindWindow = lazyCode(() => import('./find-window'))
const ShortcutsWindow = lazyCode(() => import('./shortcuts-window'))
const CreateGroup = lazyCode(() => import('../customer-groups/create-group'))
const CreateCustomer = lazyCode(async () => ({ default: (await import('../customers/customer-form')).CreateCustomer }))

/** The actions of every page, by key or by name. C creates a record of the page's kind. */
export function Everywhere() {
  const person = usePerson()
  const go = useNavigate()
  const { pathname } = useLocation()
  const opened = useOpened()
  const aboutCustomers = pathname.startsWith('/customers')
  const creates = (isIts: boolean) => (isIts ? { key: 'c' } : {})
  useKeys()
  useAction({ label: words.groups.title, run: () => void go('/customer-groups') })
  useAction({ label: words.customers.title, run: () => void go('/customers') })
  useAction({ label: words.bulk.jobs, run: () => void go('/jobs') })
  useAction(
    { label: words.groups.createTitle, ...creates(!aboutCustomers), run: () => openWindow('create-group') },
    mayEdit(person),
  )
  useAction(
    { label: words.customers.createTitle, ...creates(aboutCustomers), run: () => openWindow('create-customer') },
    mayAdminister(person),
  )
  useAction({ label: words.keys.find, key: `mod+${findKey}`, run: () => openWindow('find') })
  useAction({ label: words.keys.title, key: '?', run: () => openWindow('shortcuts') })
  const close = () => openWindow(null)
  return (
    <Suspense>
      {opened === 'find' && <FindWindow onClose={close} />}
      {opened === 'shortcuts' && <ShortcutsWindow onClose={close} />}
      {opened === 'create-group' && <CreateGroup onClose={close} />}
      {opened === 'create-customer' && <CreateCustomer onClose={close} />}
    </Suspense>
  )
}
