/** The filters with a few values, and these values. */
export const choices = {
  account: ['yes', 'no'],
  membership: ['scheduled', 'all'],
} as const

export type Choice = keyof typeof choices
export type Dated = 'created' | 'updated'
export type FilterName = Dated | Choice

export const isChoice = (name: FilterName): name is Choice => name in choices
