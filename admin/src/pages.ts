import { lazyCode } from './shell/lazy-code'

/** Where the work begins. */
export const start = '/customer-groups'
export const startAddresses = ['/', '/sign-in']

/** The code of each page, which is loaded when the page is shown or about to be shown. */
const code = {
  '/customer-groups': () => import('./customer-groups/groups-page'),
  '/customer-groups/:id': () => import('./customer-groups/group-page'),
  '/customers': () => import('./customers/customers-page'),
  '/customers/:id': () => import('./customers/customer-page'),
  '/jobs': () => import('./jobs/jobs-page'),
  '/jobs/:id': () => import('./jobs/job-page'),
}

export const GroupsPage = lazyCode(code['/customer-groups'])
export const GroupPage = lazyCode(code['/customer-groups/:id'])
export const CustomersPage = lazyCode(code['/customers'])
export const CustomerPage = lazyCode(code['/customers/:id'])
export const JobsPage = lazyCode(code['/jobs'])
export const JobPage = lazyCode(code['/jobs/:id'])

/** Loads the code of the page at an address. The page itself shows an error. */
export function prefetchPage(pathname: string) {
  const shown = startAddresses.includes(pathname) ? start : pathname
  const pattern = shown.replace(/^(\/[^/]+)\/[^/]+$/, '$1/:id')
  const load = Object.hasOwn(code, pattern) ? code[pattern as keyof typeof code] : null
  load?.().catch(() => null)
}
