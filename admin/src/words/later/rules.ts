import { plural, t } from '@lingui/core/macro'
import { customers } from '../customers'
import { groups } from '../groups'
import { metadata } from '../metadata'
import { i18n } from './spoken'

const lists = new Intl.ListFormat(i18n.locales, { type: 'disjunction' })
const numbers = new Intl.NumberFormat(i18n.locales, { maximumFractionDigits: 20 })

/** One of several, such as "Wholesale or VIP". */
export const choice = (parts: string[]) => lists.format(parts)

/** A number with all its digits, which can be more than a number of JavaScript has. */
export const exactNumber = (digits: string) => numbers.format(digits as Intl.StringNumericLiteral)

/** Rules of automatic groups. */
export const rules = {
  title: t({ message: 'Rule', comment: 'Heading: the conditions by which a group selects its customers' }),
  editTitle: t`Edit Rule`,
  makeTitle: t`Make the Group Automatic`,
  makeText: t`The rule then decides who is in this group. Customers who do not meet it leave the group.`,
  meets: t`Customers are in this group if they meet`,
  combinations: {
    all: t({ message: 'all of these conditions', comment: 'After: Customers are in this group if they meet' }),
    any: t({ message: 'any of these conditions', comment: 'After: Customers are in this group if they meet' }),
    'not-all': t({
      message: 'not all of these conditions',
      comment: 'After: Customers are in this group if they meet',
    }),
    none: t({ message: 'none of these conditions', comment: 'After: Customers are in this group if they meet' }),
  },
  leads: {
    all: t`All of these:`,
    any: t`Any of these:`,
    'not-all': t`Not all of these:`,
    none: t`None of these:`,
  },
  not: (conditions: string) => t`not (${conditions})`,
  addCondition: t`Add condition`,
  addGroup: t`Add group of conditions`,
  noConditions: t`Add a condition.`,
  conditionOf: (number: string) => t`Condition ${number}`,
  groupOf: (number: string) => t`Group of conditions ${number}`,
  combinationOf: (number: string) => t`How the conditions in group ${number} are combined`,
  removeCondition: (number: string) => t`Remove condition ${number}`,
  removeGroup: (number: string) => t`Remove group of conditions ${number}`,
  kept: t`This condition can only be changed through the API. You can remove it.`,
  fieldOf: (number: string) => t`Field of condition ${number}`,
  nameOf: (number: string) => t`Key in the metadata of condition ${number}`,
  nameExample: t`Key, such as total_spent`,
  nameMissing: t`Enter a key of the metadata.`,
  operatorOf: (number: string) => t`Comparison of condition ${number}`,
  valueOf: (number: string) => t`Value of condition ${number}`,
  valuesOf: (number: string) => t`Values of condition ${number}`,
  oneInALine: t`One in a line`,
  lowerOf: (number: string) => t`Lower value of condition ${number}`,
  upperOf: (number: string) => t`Upper value of condition ${number}`,
  daysOf: (number: string) => t`Days of condition ${number}`,
  valueMissing: t`Enter a value.`,
  notDays: t`Enter a number of days.`,
  groupsOf: (number: string) => t`Customer groups of condition ${number}`,
  chooseGroups: t`Choose groups`,
  chooseGroupsOf: (number: string) => t`Choose groups for condition ${number}`,
  groupsChosen: (number: string) => t`Done with the groups of condition ${number}`,
  done: t({ message: 'Done', context: 'button: closes a list to choose from' }),
  groupMissing: t`Choose a customer group.`,
  fieldGroups: { profile: t`Profile`, groups: groups.title, metadata: metadata.title, others: t`More` },
  fields: {
    email: customers.email,
    first_name: customers.firstName,
    last_name: customers.lastName,
    company_name: customers.company,
    phone: customers.phone,
    has_account: customers.account,
    created_at: customers.created,
    updated_at: customers.updated,
    groups: t`Customer group`,
    'metadata.number': t`Metadata: number`,
    'metadata.text': t`Metadata: text`,
    'metadata.moment': t`Metadata: date`,
    'metadata.yes-no': t`Metadata: yes/no`,
    key: groups.key,
    id: groups.id,
    created_by: t`Created by`,
    kept: '',
  },
  /** A condition, and without field and value an operator to choose. */
  phrases: {
    '=': (field: string, value: string) => t`${field} is ${value}`,
    '!=': (field: string, value: string) => t`${field} is not ${value}`,
    in: (field: string, value: string) => t`${field} is one of ${value}`,
    notIn: (field: string, value: string) => t`${field} is none of ${value}`,
    contains: (field: string, value: string) => t`${field} contains ${value}`,
    doesNotContain: (field: string, value: string) => t`${field} does not contain ${value}`,
    beginsWith: (field: string, value: string) => t`${field} begins with ${value}`,
    doesNotBeginWith: (field: string, value: string) => t`${field} does not begin with ${value}`,
    endsWith: (field: string, value: string) => t`${field} ends with ${value}`,
    doesNotEndWith: (field: string, value: string) => t`${field} does not end with ${value}`,
    '>': (field: string, value: string) => t`${field} is more than ${value}`,
    '>=': (field: string, value: string) => t`${field} is at least ${value}`,
    '<': (field: string, value: string) => t`${field} is less than ${value}`,
    '<=': (field: string, value: string) => t`${field} is at most ${value}`,
    between: (field: string, value: string) => t`${field} is between ${value}`,
    notBetween: (field: string, value: string) => t`${field} is not between ${value}`,
    inLast: (field: string, days: string) => t`${field} is in the last ${days}`,
    notInLast: (field: string, days: string) => t`${field} is not in the last ${days}`,
    null: (field: string) => t`${field} has no value`,
    notNull: (field: string) => t`${field} has a value`,
  },
  phrasesOfMoments: {
    '>': (field: string, moment: string) => t`${field} is after ${moment}`,
    '>=': (field: string, moment: string) => t`${field} is on or after ${moment}`,
    '<': (field: string, moment: string) => t`${field} is before ${moment}`,
    '<=': (field: string, moment: string) => t`${field} is on or before ${moment}`,
  },
  someDays: t({ message: '… days', comment: 'A number of days that is not known yet, after: in the last' }),
  days: (count: number) => plural(count, { one: '# day', other: '# days' }),
  quoted: (text: string) => t({ message: `“${text}”`, comment: 'Quotation marks' }),
  matches: (count: number) =>
    plural(count, { 0: 'No customer matches', one: '# customer matches', other: '# customers match' }),
  matchesAtLeast: (count: number) =>
    plural(count, { one: 'At least # customer matches', other: 'At least # customers match' }),
  firstMatches: t`The newest customers who match`,
  notComplete: t`Complete the conditions to see which customers match.`,
  saved: t`The rule was saved.`,
  applying: t`The rule is being applied to all customers.`,
  showJob: t`Show the job`,
  notApplied: t`The rule was not applied to all customers.`,
  applyAgain: t`Apply it again`,
  makeManualTitle: t`Make the group manual?`,
  makeManualText: [
    t`The rule is removed. The customers who are in the group now stay in it.`,
    t`The lists of customers who are always or never in the group are deleted.`,
  ],
  madeManual: t`The group is manual now.`,
}

/** Customers who are always or never in an automatic group. */
export const exceptions = {
  action: t({ message: 'Exceptions', comment: 'Button: customers for whom the rule of a group does not count' }),
  title: t`Exceptions from the rule`,
  text: t`These customers are always in the group, or never, whatever its rule says.`,
  list: t({ message: 'List', comment: 'Which list is edited: customers who are always in a group, or never' }),
  sides: { always: t`Always in this group`, never: t`Never in this group` },
  none: t`No customer is on this list yet.`,
  remove: (customer: string) => t`Take ${customer} off the list`,
  add: t`Add customers to the list`,
  saved: t`The exceptions were saved.`,
}
