import { words as everywhere } from '../words'
import * as ofJobs from '../words/later/jobs'
import * as ofRules from '../words/later/rules'

/** The page's messages with those of rules, which are loaded separately. */
export const words = { ...everywhere, ...ofJobs, ...ofRules }
