import { words as everywhere } from '../words'
import * as ofJobs from '../words/later/jobs'

/** The page's messages with those of jobs, which are loaded separately. */
export const words = { ...everywhere, ...ofJobs }
