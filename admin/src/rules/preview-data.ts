import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, body } from '../api/client'
import { parseValue, valueText } from '../metadata/value'

/** Which customers meet a rule, given as JSON. A request for an earlier rule is cancelled. */
export const previewQuery = (rule: string) =>
  queryOptions({
    queryKey: ['customers', 'preview', rule],
    queryFn: ({ signal }) =>
      body(
        api.POST('/admin/customer-groups/preview', {
          body: { rule: parseValue(rule) as Record<string, unknown> },
          bodySerializer: (sent) => valueText(sent),
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
  })
