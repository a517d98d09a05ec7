/**
 * Every word on the screen. A translation is another object of the same shape.
 *
 * Where the user guide names a button, a page or a menu, the word here is the guide's.
 */
const language = 'en'

const number = new Intl.NumberFormat(language)
const plural = new Intl.PluralRules(language)
const day = new Intl.DateTimeFormat(language, { dateStyle: 'medium' })
const moment = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' })

const counted = (count: number, one: string, other: string) =>
  `${number.format(count)} ${plural.select(count) === 'one' ? one : other}`

const customers = (count: number) => counted(count, 'customer', 'customers')
const groups = (count: number) => counted(count, 'customer group', 'customer groups')
const keys = (count: number) => counted(count, 'key', 'keys')

export const words = {
  product: 'Liqnic Customer Groups',
  brand: 'Liqnic',
  pageTitle: (page: string) => `${page} · Liqnic`,

  save: 'Save',
  cancel: 'Cancel',
  close: 'Close',
  retry: 'Try again',
  loading: 'Loading',
  none: '–',
  number: (value: number) => number.format(value),
  day: (iso: string) => day.format(new Date(iso)),
  moment: (iso: string) => moment.format(new Date(iso)),

  navigation: {
    label: 'Main',
    skip: 'Skip to content',
    open: 'Open navigation',
    title: 'Navigation',
    account: 'Account',
    roles: { viewer: 'Viewer', editor: 'Editor', admin: 'Admin' },
    appearance: 'Appearance',
    appearances: { auto: 'Like the system', light: 'Light', dark: 'Dark' },
    signOut: 'Sign out',
  },

  signIn: {
    title: 'Sign in',
    username: 'Email',
    password: 'Password',
    showPassword: 'Show or hide the password',
    submit: 'Sign in',
    continue: 'Continue',
    newPasswordHint: 'This is your first sign-in. Choose a password of your own.',
    newPassword: 'New password',
    repeatPassword: 'Repeat the new password',
    notTheSame: 'The two passwords are not the same.',
    code: 'Code',
    refused: 'Wrong email or password.',
    wrongCode: 'That code is not right.',
    tooMany: 'Too many attempts. Wait a little and try again.',
    failed: 'Signing in did not work. Try again.',
    'reset-password': 'Your password must be reset. Ask an administrator for a new one.',
    unknown: 'This account needs a kind of sign-in that is not supported here. Ask an administrator.',
    endedTitle: 'Your session has ended',
    endedText: 'Sign in again to go on where you were. Nothing you typed is lost.',
    leave: 'Leave this page',
  },

  errors: {
    title: 'That did not work',
    unreachable: 'The server cannot be reached. Check your connection and try again.',
    forbidden: 'You are not allowed to do this. Ask an administrator.',
    unexpected: (request?: string) =>
      `Something went wrong on the server. Try again in a moment.${request ? ` (Request ${request})` : ''}`,
    status: (status: number) => `The server answered with status ${status}.`,
    pageTitle: 'This page has a problem',
    pageText: 'Something unexpected happened while showing this page.',
    reload: 'Reload the page',
    noPage: 'There is no such page',
    noPageText: 'The address may be mistyped.',
  },

  stale: {
    title: 'Someone changed this',
    text: 'It was changed after you opened it. Choose which version to keep.',
    theirs: 'Theirs',
    yours: 'Yours',
    useTheirs: 'Use their version',
    saveYours: 'Save my version',
    key: 'Key',
    gone: 'not there',
  },

  table: {
    search: 'Search',
    sort: 'Sort',
    ascending: 'Ascending',
    descending: 'Descending',
    pages: 'Pages',
    page: (page: number) => `Page ${page}`,
    previous: 'Previous page',
    next: 'Next page',
    range: (from: number, to: number, count: string) => `${number.format(from)}–${number.format(to)} of ${count}`,
    atLeast: (count: number) => `more than ${number.format(count)}`,
    end: (count: number) =>
      `Only the first ${number.format(count)} can be paged through. Search or filter to find others.`,
    selectPage: 'Select all on this page',
    select: (name: string) => `Select ${name}`,
    results: (count: string) => `${count} results`,
    noMatch: 'Nothing matches',
    noMatchText: 'Try other words, or take a filter away.',
    clear: 'Clear search and filters',
    clearSearch: 'Clear search',
  },

  filters: {
    add: 'Add filter',
    remove: (filter: string) => `Remove filter: ${filter}`,
    chip: (name: string, value: string) => `${name}: ${value}`,
    created: 'Created',
    updated: 'Updated',
    account: 'Account',
    accounts: { yes: 'With account', no: 'Without account' },
    periods: {
      today: 'Today',
      'last-7-days': 'Last 7 days',
      'last-30-days': 'Last 30 days',
      'last-90-days': 'Last 90 days',
      'last-12-months': 'Last 12 months',
    },
    from: 'From',
    to: 'To',
    between: (from: string, to: string) => `${day.format(localDay(from))} to ${day.format(localDay(to))}`,
    since: (from: string) => `since ${day.format(localDay(from))}`,
    until: (to: string) => `until ${day.format(localDay(to))}`,
    apply: 'Apply',
  },

  selection: {
    label: 'Selection',
    selected: (count: number) => `${number.format(count)} selected`,
    clear: 'Clear selection',
    remove: 'Remove',
    removeKey: 'R',
    all: (count: number) => `Select all ${number.format(count)}`,
    progress: (done: number, all: number) => `${number.format(done)} of ${number.format(all)}`,
    progressLabel: 'Progress',
  },

  groups: {
    title: 'Customer Groups',
    count: groups,
    search: 'Search customer groups',
    name: 'Name',
    customers: 'Customers',
    created: 'Created',
    updated: 'Updated',
    create: 'Create',
    createTitle: 'Create Customer Group',
    nameMissing: 'Enter a name.',
    createHint: 'Give the group a name. You can add customers to it next.',
    created_: (name: string) => `Customer group “${name}” was created.`,
    empty: 'No customer groups yet',
    emptyText: 'A customer group is a way to segment your customers, like VIP or Wholesale.',
    emptyTextViewer: 'When someone creates a customer group, it shows here.',
    missing: 'This customer group does not exist',
    missingText: 'It may have been deleted.',
    back: 'All customer groups',
    actions: 'Customer group actions',
    edit: 'Edit',
    editTitle: 'Edit Customer Group',
    saved: 'The customer group was saved.',
    delete: 'Delete',
    deleteTitle: 'Delete customer group?',
    deleteText: (name: string, count: number) => [
      `You are about to delete the customer group “${name}” with ${customers(count)}.`,
      'This can’t be undone. It does not delete the customers in the group.',
    ],
    deleted: (name: string) => `Customer group “${name}” was deleted.`,
    version: (version: number) => `Version ${version}`,
    createdBy: 'Created by',
    id: 'ID',
  },

  members: {
    title: 'Customers',
    add: 'Add',
    addTitle: 'Add Customers',
    already: 'Already in this group',
    added: (count: number) => `${customers(count)} added.`,
    remove: 'Remove customers?',
    removeText: (count: number, group: string) => [
      `You are about to remove ${customers(count)} from “${group}”.`,
      'The customers themselves stay.',
    ],
    continue: 'Continue',
    removed: (count: number) => `${customers(count)} removed.`,
    empty: 'No customers in this group',
    emptyText: 'Add customers to put them in this segment.',
    emptyTextViewer: 'When someone adds customers, they show here.',
    partly: (done: number, all: number) =>
      `${number.format(done)} of ${number.format(all)} were applied before this happened. Try again to go on with the rest.`,
  },

  metadata: {
    title: 'Metadata',
    count: keys,
    edit: 'Edit metadata',
    editTitle: 'Edit Metadata',
    empty: 'No metadata',
    emptyText: 'Metadata is custom data in key-value pairs.',
    key: 'Key',
    type: 'Type',
    value: 'Value',
    keyOf: (row: number) => `Key of row ${row}`,
    typeOf: (row: number) => `Type of row ${row}`,
    valueOf: (row: number) => `Value of row ${row}`,
    rowActions: (row: number) => `Actions for row ${row}`,
    insertAbove: 'Insert row above',
    insertBelow: 'Insert row below',
    deleteRow: 'Delete row',
    saved: 'The metadata was saved.',
    kinds: { text: 'Text', number: 'Number', 'yes-no': 'Yes/No', nothing: 'Nothing', json: 'JSON' },
    yes: 'Yes',
    no: 'No',
    nothing: 'Nothing',
    problems: {
      'empty-key': 'Give this value a key.',
      'repeated-key': 'This key is already in the table.',
      'long-key': 'A key has at most 255 characters.',
      'not-a-number': 'This is not a number.',
      'not-json': 'This is not valid JSON.',
    },
  },

  history: {
    title: 'History',
    empty: 'Nothing has happened yet',
    more: 'Show more',
    by: (actor: string, when: string) => `${actor} · ${when}`,
    you: 'You',
    created: 'Created',
    deleted: 'Deleted',
    updated: 'Changed',
    renamed: (before: string, after: string) => `Renamed from “${before}” to “${after}”`,
    added: (count: number) => `${customers(count)} added`,
    removed: (count: number) => `${customers(count)} removed`,
    metadata: 'Metadata changed',
    metadataKeys: (names: string[]) => `Metadata changed: ${names.join(', ')}`,
  },

  customers: {
    title: 'Customers',
    count: customers,
    search: 'Search customers',
    name: 'Name',
    email: 'Email',
    emailMissing: 'Enter an email address.',
    firstName: 'First name',
    lastName: 'Last name',
    company: 'Company',
    phone: 'Phone',
    account: 'Account',
    accounts: { yes: 'Yes', no: 'No' },
    created: 'Created',
    updated: 'Updated',
    create: 'Create',
    createTitle: 'Create Customer',
    created_: (email: string) => `Customer ${email} was created.`,
    empty: 'No customers yet',
    emptyText: 'Customers show here when they are created or synchronised from the shop.',
    missing: 'This customer does not exist',
    missingText: 'They may have been deleted.',
    back: 'All customers',
    actions: 'Customer actions',
    edit: 'Edit',
    editTitle: 'Edit Customer',
    saved: 'The customer was saved.',
    delete: 'Delete',
    deleteTitle: 'Delete customer?',
    deleteText: (email: string, count: number) => [
      `You are about to delete the customer ${email}, who is in ${groups(count)}.`,
      'This can’t be undone.',
    ],
    deleted: (email: string) => `Customer ${email} was deleted.`,
    groups: 'Customer Groups',
    addGroups: 'Add',
    addGroupsTitle: 'Add to Customer Groups',
    alreadyIn: 'Already in this group',
    addedTo: (count: number) => `Added to ${groups(count)}.`,
    removeGroups: 'Remove from customer groups?',
    removeGroupsText: (email: string, count: number) => [`You are about to remove ${email} from ${groups(count)}.`],
    removedFrom: (count: number) => `Removed from ${groups(count)}.`,
    noGroups: 'In no customer group',
    noGroupsText: 'Add the customer to a group to put them in that segment.',
    noGroupsTextViewer: 'When someone adds the customer to a group, it shows here.',
  },
}

export type Words = typeof words

/** A day like 2026-11-23 as the person's own midnight, not as UTC's. */
function localDay(date: string): Date {
  return new Date(`${date}T00:00`)
}
