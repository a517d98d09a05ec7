// README's story by the client that openapi-typescript and openapi-fetch make. Prints what it saw, a line of JSON each.
import createClient from "openapi-fetch"
import type { paths } from "./schema.d.ts"

declare const process: { env: Record<string, string | undefined> }

const unique = process.env.UNIQUE!
const api = createClient<paths>({
  baseUrl: process.env.API!,
  headers: { Authorization: `Bearer ${process.env.TOKEN}` },
})

function saw(...what: unknown[]) {
  console.log(JSON.stringify(what))
}

const created = await api.POST("/admin/customer-groups", {
  params: { header: { "Idempotency-Key": unique } },
  body: { name: `Night owls ${unique}`, metadata: { discount_percent: 5 } },
})
const group = created.data!.customer_group
const etag = created.response.headers.get("ETag")!
saw("created", group.name, group.customer_count, group.metadata, etag)

const path = { id: group.id }
const customer = (await api.POST("/admin/customers", { body: { email: `strix@${unique}.example` } })).data!.customer
const managed = (
  await api.POST("/admin/customer-groups/{id}/customers", { params: { path }, body: { add: [customer.id] } })
).data!
saw("added", managed.added[0] === customer.id, managed.customer_group.customer_count)

const page = (
  await api.GET("/admin/customer-groups", {
    params: { query: { q: `owl ${unique}`, order: "-created_at", fields: "name,customer_count" } },
  })
).data!
saw(
  "listed",
  page.customer_groups.map((one) => one.name),
  page.count,
  page.next_cursor,
)

const conditional = { path, header: { "If-Match": etag } }
const renamed = (
  await api.POST("/admin/customer-groups/{id}", { params: conditional, body: { name: `Night Owls Club ${unique}` } })
).data!
saw("renamed", renamed.customer_group.name, renamed.customer_group.version)
const late = await api.POST("/admin/customer-groups/{id}", { params: conditional, body: { name: "Too late" } })
saw("refused", late.response.status, late.error!.code)

const removed = (
  await api.POST("/admin/customer-groups/{id}/customers", { params: { path }, body: { remove: [customer.id] } })
).data!
saw("removed", removed.customer_group.customer_count)
saw("deleted", (await api.DELETE("/admin/customer-groups/{id}", { params: { path } })).data!.deleted)
const gone = await api.GET("/admin/customer-groups/{id}", { params: { path } })
saw("gone", gone.response.status, gone.error!.code)
