import { plural, t } from '@lingui/core/macro'
import { number } from '../formats'

/** Work on many customers, done in the background. Comes with the windows and pages that need it. */
export const jobs = {
  title: t`Jobs`,
  job: t({ message: 'Job', comment: 'Work on many customers, done in the background' }),
  empty: t`No jobs yet`,
  emptyText: t`Imports, exports and everything else that changes many customers at once show here.`,
  missing: t`This job does not exist`,
  missingText: t`Jobs are kept for 90 days.`,
  back: t`All jobs`,
  more: t`Show more`,
  what: t({ message: 'What', comment: 'Column: what a job does' }),
  state: t`State`,
  who: t({ message: 'Started by', comment: 'Column: a person' }),
  when: t({ message: 'Started', comment: 'Column: a time' }),
  finished: t({ message: 'Finished', comment: 'Column: a time' }),
  took: t({ message: 'Took', comment: 'Column: for how long a job ran' }),
  result: t({ message: 'Result', comment: 'Column: what became of the rows of a job' }),
  seconds: (seconds: number) => t`${{ seconds: number(seconds) }} s`,
  minutes: (minutes: number, seconds: number) =>
    t`${{ minutes: number(minutes) }} min ${{ seconds: number(seconds) }} s`,
  states: {
    pending: t({ message: 'Waiting', context: 'state of a job' }),
    running: t({ message: 'Running', context: 'state of a job' }),
    stopping: t({ message: 'Stopping', context: 'state of a job' }),
    succeeded: t({ message: 'Done', context: 'state of a job' }),
    failed: t({ message: 'Failed', context: 'state of a job' }),
    cancelled: t({ message: 'Cancelled', context: 'state of a job' }),
  },
  check: (title: string) => t`Check: ${title}`,
  titles: {
    add: (group: string) => t`Add customers to “${group}”`,
    remove: (group: string) => t`Remove customers from “${group}”`,
    set: (group: string) => t`Set the customers of “${group}”`,
    move: (from: string, to: string) => t`Move customers from “${from}” to “${to}”`,
    copy: (group: string, name: string) => t`Duplicate “${group}” as “${name}”`,
    combine: (count: number, into: string) =>
      plural(count, { one: `Combine # group into “${into}”`, other: `Combine # groups into “${into}”` }),
    exportAll: t`Export all customer groups`,
    exportOne: (group: string) => t`Export “${group}”`,
    exportSome: (count: number) => plural(count, { one: 'Export # customer group', other: 'Export # customer groups' }),
    import: t`Import customer groups`,
    applyRule: (group: string) => t`Apply the rule of “${group}”`,
  },
  progress: (done: number, rows: number) => t`${{ done: number(done) }} of ${{ rows: number(rows) }} rows`,
  planning: t`Finding out what there is to do …`,
  progressLabel: t`Progress`,
  waiting: t`It begins in a moment.`,
  goesOn: t`You can leave this page. The job goes on, and you find it under Jobs.`,
  stopped: (done: number, rows: number) =>
    t`It was stopped after ${{ done: number(done) }} of ${{ rows: number(rows) }} rows. What was done stays.`,
  totals: {
    added: t({ message: 'Added', comment: 'Heading of a number: rows of a job' }),
    removed: t({ message: 'Removed', comment: 'Heading of a number: rows of a job' }),
    created: t({ message: 'Created and added', comment: 'Heading of a number: customers that a job created' }),
    unchanged: t({ message: 'Unchanged', comment: 'Heading of a number: rows of a job' }),
    refused: t({ message: 'Refused', comment: 'Heading of a number: rows of a job' }),
    done: t({ message: 'Rows', comment: 'Heading of a number: rows of a job' }),
  },
  outcomes: {
    added: (count: number) => plural(count, { one: '# added', other: '# added' }),
    removed: (count: number) => plural(count, { one: '# removed', other: '# removed' }),
    created: (count: number) => plural(count, { one: '# created', other: '# created' }),
    unchanged: (count: number) => plural(count, { one: '# unchanged', other: '# unchanged' }),
    refused: (count: number) => plural(count, { one: '# refused', other: '# refused' }),
    done: (count: number) => plural(count, { one: '# row', other: '# rows' }),
  },
  cancel: t({ message: 'Stop', comment: 'Button: a job' }),
  cancelOf: (title: string) => t`Stop: ${title}`,
  cancelTitle: t`Stop this job?`,
  cancelText: [t`It stops after what it is doing right now.`, t`What is done until then stays.`],
  download: t`Download the result`,
  downloadOf: (title: string) => t`Download the result: ${title}`,
  downloadExport: t`Download`,
  resultUntil: (day: string) => t`The result can be downloaded until ${day}.`,
  resultGone: t`The result is not there any more.`,
  toGroup: t`Go to the customer group`,
  finishedToast: (title: string) => t`Done: ${title}`,
  failedToast: (title: string) => t`Failed: ${title}`,
  unpick: (group: string) => t`Take “${group}” away`,
  removeAllText: (count: string, group: string) => [
    t`You are about to remove all customers that match (${count}) from “${group}”.`,
    t`The customers themselves stay.`,
  ],
  searchForMore: t`There are more. Search to find others.`,
}

/** Rows that could not be carried out. */
export const refused = {
  title: t`Refused rows`,
  line: t({ message: 'Line', comment: 'Column: the number of a line in a file' }),
  value: t({ message: 'Value', comment: 'Column: what stands in a line of a file' }),
  why: t({ message: 'Why', comment: 'Column: the reason why a row was refused' }),
  show: t`Show the refused rows`,
  download: t`Download the refused rows`,
  first: (shown: number, all: number) =>
    t`The first ${{ shown: number(shown) }} of ${{ all: number(all) }}. Download them to see all.`,
  hint: t`Repair what is wrong in the “value” column of the download, and import that file again.`,
  hintOfSet: (add: string) =>
    t`Repair what is wrong in the “value” column of the download, and import that file with “${add}”: the customers of the other rows stay.`,
}

export const importing = {
  title: t`Import`,
  membersTitle: (group: string) => t`Import customers into “${group}”`,
  drop: t`Drop a file here, or`,
  choose: t`Choose a file`,
  file: t`File`,
  hint: t`A file that was exported here, or a list of customers. CSV, text or JSON lines, up to 256 MB.`,
  membersHint: t`Ids or email addresses of customers: CSV, text or JSON lines, up to 256 MB.`,
  paste: t`Or paste a list or cells of a spreadsheet`,
  usePasted: t`Use this list`,
  pastedName: t`Pasted list`,
  other: t`Another file`,
  firstRows: t`First rows`,
  uses: {
    customer: t({ message: 'names the customer', comment: 'What a column is for' }),
    profile: t({ message: 'for new customers', comment: 'What a column is for' }),
    terms: t({ message: 'when the membership begins or ends', comment: 'What a column is for' }),
    none: t({ message: 'not used', comment: 'What a column is for' }),
  },
  column: t`Which column names the customer?`,
  columnFound: (columns: string) => t`Recognized: ${columns}`,
  chooseColumn: t`Choose a column`,
  columnMissing: t`No column is recognized. Choose the one with ids or email addresses.`,
  action: t`What to do`,
  actions: {
    add: { label: t`Add these customers to the group` },
    remove: { label: t`Remove these customers from the group` },
    set: { label: t`Make the group exactly this list`, description: t`Customers who are not in the list are removed.` },
  },
  createMissing: t`Create customers who do not exist yet`,
  createMissingHint: t`From the email address, and from columns like first_name, last_name, company_name and phone.`,
  toGroup: t`Into which customer group?`,
  isExport: t`This file is an export of customer groups. Import it on the page of all customer groups.`,
  adminsOnly: t`This file brings back customer groups and customers. Only administrators can import it.`,
  bringsBack: t`This file brings back customer groups with their metadata and customers.`,
  check: t({ message: 'Check', comment: 'Button: finds out what would happen, without doing it' }),
  start: t`Start import`,
  uploading: (percent: string) => t`Uploading: ${percent}`,
  whatWould: t`What would happen`,
  nothingYet: t`Nothing has been changed yet.`,
  emptyFile: t`The file is empty.`,
  tooLarge: t`The file is larger than 256 MB. Split it.`,
  isSpreadsheet: t`This is a spreadsheet or an archive. Save it as CSV and choose that file.`,
  isPacked: t`The file is compressed. Unpack it first.`,
  notUtf8: t`The file is not UTF-8 text. Save it as CSV in UTF-8.`,
  notJson: t`The first line is not JSON.`,
  lineTooLong: t`The first line is longer than 1 MB.`,
  carriageReturns: t`The lines of the file end with carriage returns alone. Save it with line breaks of Windows or Unix.`,
  notSent: t`The file could not be sent. Check your connection and try again.`,
  notStored: t`The file was not accepted. Choose it again.`,
}

export const exporting = {
  title: t`Export customer groups`,
  oneTitle: (group: string) => t`Export “${group}”`,
  text: t`A file with the customer groups, their metadata and their customers. An import brings all of it back.`,
  which: t`Which customer groups`,
  all: t({ message: 'All', comment: 'All customer groups' }),
  some: t({ message: 'Some', comment: 'Some customer groups' }),
  pick: t`Customer groups to export`,
  format: t`Format`,
  formats: {
    csv: { label: 'CSV', description: t`Opens in a spreadsheet.` },
    jsonl: { label: 'JSON Lines', description: t`For programs: one record on each line.` },
  },
  start: t`Start export`,
}

export const moving = {
  title: t`Move customers`,
  some: (count: number, group: string) =>
    plural(count, {
      one: `# customer leaves “${group}” and joins another customer group.`,
      other: `# customers leave “${group}” and join another customer group.`,
    }),
  all: (count: number, group: string) =>
    plural(count, {
      one: `The # customer of “${group}” leaves it and joins another customer group.`,
      other: `All # customers of “${group}” leave it and join another customer group.`,
    }),
  matching: (count: string, group: string) =>
    t`All customers of “${group}” that match (${count}) leave it and join another customer group.`,
  tooMany: (most: number) =>
    t`At most ${{ most: number(most) }} selected customers can be moved at once. Select fewer, or move all from the menu of this section.`,
  to: t`Move to`,
  start: t({ message: 'Move', comment: 'Button: moves customers to another group' }),
}

export const duplicating = {
  title: t`Duplicate customer group`,
  text: (group: string) => t`The new customer group has the metadata of “${group}”.`,
  nameOf: (group: string) => t`${group} (copy)`,
  withMembers: (count: number) => plural(count, { one: 'With its # customer', other: 'With its # customers' }),
  start: t`Duplicate`,
}

export const combining = {
  title: t`Combine customer groups`,
  groups: t`Customer groups to combine`,
  operation: t`How`,
  operations: {
    union: { label: t`Union`, description: t`Customers who are in any of these groups` },
    intersection: { label: t`Intersection`, description: t`Customers who are in all of these groups` },
    difference: { label: t`Difference`, description: t`Customers of the first group who are in none of the others` },
  },
  into: t`Into`,
  newGroup: t`A new customer group`,
  presentGroup: t`A customer group that exists`,
  presentHint: t`It will hold exactly the result. Its other customers are removed.`,
  name: t`Name of the new customer group`,
  target: t`Which customer group`,
  start: t`Combine`,
}
