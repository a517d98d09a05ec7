/** What is called the same in every language. */
export const brand = 'Liqnic'
export const product = 'Liqnic Customer Groups'

export const pageTitle = (page: string) => `${page} · ${brand}`
