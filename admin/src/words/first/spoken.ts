import { i18n } from '@lingui/core'
import { speak } from '../languages'

// Like `../spoken.ts`, for the words of the sign-in, which load without those of all other pages.
await speak('first')

export { i18n }
