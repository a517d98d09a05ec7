import { t } from '@lingui/core/macro'

/** The history of a customer. */
export const customerHistory = {
  empty: t`Nothing has happened in the last 90 days`,
  types: {
    created: t({ message: 'Created', context: 'happened to the customer' }),
    updated: t({ message: 'Changed', context: 'happened to the customer' }),
    deleted: t({ message: 'Deleted', context: 'happened to the customer' }),
    joined: t`Joined customer groups`,
    left: t`Left customer groups`,
    terms_changed: t({ message: 'Membership changed', comment: 'When a membership in a group begins or ends' }),
    groups_changed: t({ message: 'Customer groups changed', comment: 'Those that the customer is in' }),
  },
  joined: t({ message: 'Joined:', comment: 'Before the names of customer groups' }),
  left: t({ message: 'Left:', comment: 'Before the names of customer groups' }),
  byJob: (id: string) => t`By the job ${id}`,
  byRule: t`By a rule`,
  byTerm: t`At the set time`,
}
