import { plural, t } from '@lingui/core/macro'
import { number } from './formats'

export const groups = {
  title: t`Customer Groups`,
  count: (count: number) => plural(count, { one: '# customer group', other: '# customer groups' }),
  search: t`Search customer groups`,
  name: t`Name`,
  customers: t`Customers`,
  created: t`Created`,
  updated: t`Updated`,
  create: t`Create`,
  createTitle: t`Create Customer Group`,
  nameMissing: t`Enter a name.`,
  createHint: t`Give the group a name. You can add customers to it next, or a rule that selects them.`,
  created_: (name: string) => t`Customer group “${name}” was created.`,
  empty: t`No customer groups yet`,
  emptyText: t`A customer group is a way to segment your customers, like VIP or Wholesale.`,
  emptyTextViewer: t`When someone creates a customer group, it shows here.`,
  missing: t`This customer group does not exist`,
  missingText: t({ message: 'It may have been deleted.', comment: 'The customer group' }),
  back: t`All customer groups`,
  actions: t`Customer group actions`,
  edit: t`Edit`,
  editTitle: t`Edit Customer Group`,
  saved: t`The customer group was saved.`,
  delete: t`Delete`,
  deleteThis: t`Delete this customer group`,
  deleteTitle: t`Delete customer group?`,
  deleteText: (name: string, count: number) => [
    plural(count, {
      one: `You are about to delete the customer group “${name}” with # customer.`,
      other: `You are about to delete the customer group “${name}” with # customers.`,
    }),
    t`This can’t be undone. It does not delete the customers in the group.`,
  ],
  deleted: (name: string) => t`Customer group “${name}” was deleted.`,
  deleteSelected: t`Delete the selected customer groups`,
  deleteManyTitle: t`Delete customer groups?`,
  deleteManyText: (count: number) => [
    plural(count, {
      one: 'You are about to delete # customer group:',
      other: 'You are about to delete # customer groups:',
    }),
    t`This can’t be undone. It does not delete the customers in the groups.`,
  ],
  deletedMany: (count: number) =>
    plural(count, { one: '# customer group was deleted.', other: '# customer groups were deleted.' }),
  id: t`ID`,
  key: t({ message: 'Own key', comment: 'What other systems of the company call this group or customer' }),
  keyHint: t`What your other systems call it. They can use this instead of the ID.`,
  makeAutomatic: t({
    message: 'Make automatic',
    comment: 'Menu: give the customer group a rule that selects customers',
  }),
  editRule: t`Edit rule`,
  makeManual: t({ message: 'Make manual', comment: 'Menu: remove the rule of the customer group' }),
  keyProblem: (most: number) => t`Use up to ${{ most: number(most) }} letters, digits and - _ . ~`,
}

const addedText = (count: number) => plural(count, { one: '# customer added.', other: '# customers added.' })
const changedText = (count: number) =>
  plural(count, { one: 'Membership of # customer changed.', other: 'Memberships of # customers changed.' })

/** The customers of a group. */
export const members = {
  title: t`Customers`,
  add: t`Add`,
  addTitle: t`Add Customers`,
  already: t`Already in this group`,
  addedOrChanged: (added: number, changed: number) =>
    [(added > 0 || changed === 0) && addedText(added), changed > 0 && changedText(changed)].filter(Boolean).join(' '),
  remove: t`Remove customers?`,
  removeText: (count: number, group: string) => [
    plural(count, {
      one: `You are about to remove # customer from “${group}”.`,
      other: `You are about to remove # customers from “${group}”.`,
    }),
    t`The customers themselves stay.`,
  ],
  continue: t`Continue`,
  removed: (count: number) => plural(count, { one: '# customer removed.', other: '# customers removed.' }),
  empty: t`No customers in this group`,
  emptyText: t`Add customers to put them in this segment.`,
  emptyTextViewer: t`When someone adds customers, they show here.`,
  byRule: t`The rule of this group selects its customers.`,
  ruleApplying: t`The rule of this group is being applied to all customers.`,
}

/** The history of a group. */
export const history = {
  title: t`History`,
  empty: t`Nothing has happened yet`,
  more: t`Show more`,
  by: (actor: string, when: string) => `${actor} · ${when}`,
  you: t({ message: 'You', comment: 'Who did it' }),
  created: t({ message: 'Created', context: 'happened to the customer group' }),
  deleted: t({ message: 'Deleted', context: 'happened to the customer group' }),
  updated: t({ message: 'Changed', context: 'happened to the customer group' }),
  renamed: (before: string, after: string) => t`Renamed from “${before}” to “${after}”`,
  added: (count: number) => plural(count, { one: '# customer added', other: '# customers added' }),
  removed: (count: number) => plural(count, { one: '# customer removed', other: '# customers removed' }),
  scheduled: (count: number) => plural(count, { one: '# customer joins later', other: '# customers join later' }),
  unscheduled: (count: number) =>
    plural(count, { one: '# customer no longer joins later', other: '# customers no longer join later' }),
  termsChanged: (count: number) =>
    plural(count, { one: 'Membership of # customer changed', other: 'Memberships of # customers changed' }),
  metadata: t`Metadata changed`,
  keyed: (key: string) => t`Own key changed to “${key}”`,
  keyTaken: t`Own key removed`,
  ruleSet: t({ message: 'Made automatic', comment: 'The customer group: it got a rule that selects its customers' }),
  ruleChanged: t`Rule changed`,
  ruleRemoved: t({ message: 'Made manual', comment: 'The customer group: its rule was removed' }),
  exceptions: t`Exceptions from the rule changed`,
  before: t({ message: 'Before', comment: 'Heading: what was there before a change' }),
  after: t({ message: 'After', comment: 'Heading: what is there after a change' }),
  whoAdded: t`Who was added`,
  whoRemoved: t`Who was removed`,
  whose: (count: number) => plural(count, { one: 'For # customer', other: 'For # customers' }),
  moreTerms: (count: number) => plural(count, { one: 'and # more', other: 'and # more' }),
  gone: (id: string) => t`${id} (deleted)`,
  moreCustomers: (count: number) => t`Show more (${{ count: number(count) }})`,
}
