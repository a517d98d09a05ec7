import type { CustomerOrder } from '../api/types'
import { listQuery, type View } from '../table/view'

/** The query parameters of lists of customers. */
export const customersQuery = (view: View) => ({
  ...listQuery<CustomerOrder>(view),
  ...(view.account && { has_account: view.account === 'yes' }),
  ...(view.membership && { membership: view.membership }),
})

/** The attributes that a row shows. */
export const rowFields = 'id,email,first_name,last_name,company_name,created_at'
