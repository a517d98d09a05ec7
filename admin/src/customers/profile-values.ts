import { words } from '../words'
import { keyProblem } from '../edit/own-key'
import type { Profile } from './customer-data'

/** The fields of the profile's form, with their values. */
export const profileFields = [
  ['email', words.customers.email, 'email'],
  ['first_name', words.customers.firstName, 'text'],
  ['last_name', words.customers.lastName, 'text'],
  ['company_name', words.customers.company, 'text'],
  ['phone', words.customers.phone, 'tel'],
  ['key', words.groups.key, 'text'],
] as const

export type ProfileValues = { [field in keyof Profile]: string }

const longest = 255

export const labelOf = (name: string) => profileFields.find(([field]) => field === name)?.[1] ?? name

export function valuesOf(profile: Partial<Record<keyof Profile, string | null>> = {}): ProfileValues {
  const entries = profileFields.map(([field]) => [field, profile[field] ?? ''])
  return Object.fromEntries(entries)
}

/** Empty fields become null. */
export function profileOf(values: ProfileValues): Profile {
  const known = profileFields.map(([field]) => [field, values[field].trim() || null])
  return Object.fromEntries(known)
}

/** The errors of the profile, by field. Nothing is truncated. */
export function problemsOf(values: ProfileValues): Partial<Record<keyof Profile, string>> {
  const tooLong = profileFields
    .map(([field]) => [field, [...values[field].trim()].length] as const)
    .filter(([, length]) => length > longest)
    .map(([field, length]) => [field, words.limits.tooLong(longest, length)])
  const email = /^\S+@\S+$/.test(values.email.trim()) ? {} : { email: words.customers.emailMissing }
  const key = keyProblem(values.key)
  return { ...Object.fromEntries(tooLong), ...email, ...(key && { key }) }
}
