import type { CustomerOrder } from '../api/types'
import { listQuery, type View } from '../table/view'

/** What the API is asked for, where customers are listed. */
export const customersQuery = (view: View) => ({
  ...listQuery<CustomerOrder>(view),
  ...(view.account && { has_account: view.account === 'yes' }),
})

/** What a row shows. */
export const rowFields = 'id,email,first_name,last_name,company_name,created_at'
