import createClient from 'openapi-fetch'
import { authorizedFetch } from '../session/authorized-fetch'
import { ApiError } from './errors'
import type { paths } from './schema'

export const api = createClient<paths>({ baseUrl: window.location.origin, fetch: authorizedFetch })

api.use({
  async onResponse({ response }) {
    if (!response.ok) throw await ApiError.from(response)
  },
})

/** The body of a successful response. The client throws for failures. */
export async function body<Body>(answer: Promise<{ data?: Body }>): Promise<Body> {
  const { data } = await answer
  if (data === undefined) throw new Error('The API answered without a body')
  return data
}
