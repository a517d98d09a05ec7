// Calls every method that the SDK has for customers and groups, and sends what its types allow. Prints a line of JSON
// for each: what was called, and the status that the service answered with.
import Medusa from "@medusajs/js-sdk"

const sdk = new Medusa({
  baseUrl: process.env.API,
  globalHeaders: { Authorization: `Bearer ${process.env.TOKEN}` },
})
const { customer: customers, customerGroup: groups } = sdk.admin
const unique = process.env.UNIQUE

async function report(kind, name, call) {
  const status = await call().then(
    () => 200,
    (error) => error.status ?? String(error),
  )
  console.log(JSON.stringify({ kind, name, status }))
}

const methodsOf = (resource) =>
  Object.getOwnPropertyNames(Object.getPrototypeOf(resource)).filter((name) => name !== "constructor")

const newCustomer = async (fields = {}) =>
  (await customers.create({ email: `${crypto.randomUUID()}@mail.example`, ...fields })).customer
const newGroup = async () => (await groups.create({ name: `Group ${crypto.randomUUID()}` })).customer_group

const ada = await newCustomer({ first_name: "Ada", company_name: `Engines ${unique}` })
const vip = await newGroup()

const CALLS = {
  customer: {
    create: () => customers.create({ email: `${unique}@mail.example`, first_name: "Grace", metadata: { a: 1 } }),
    update: () => customers.update(ada.id, { last_name: "Lovelace" }),
    list: () => customers.list({ q: unique, limit: 5 }),
    retrieve: () => customers.retrieve(ada.id, { fields: "*groups,+*addresses" }),
    delete: async () => customers.delete((await newCustomer()).id),
    batchCustomerGroups: () => customers.batchCustomerGroups(ada.id, { add: [vip.id] }),
    createAddress: () => customers.createAddress(ada.id, { address_1: "12 St James's Square" }),
    updateAddress: () => customers.updateAddress(ada.id, "cuaddr_1", { city: "London" }),
    deleteAddress: () => customers.deleteAddress(ada.id, "cuaddr_1"),
    retrieveAddress: () => customers.retrieveAddress(ada.id, "cuaddr_1"),
    listAddresses: () => customers.listAddresses(ada.id),
  },
  customerGroup: {
    create: () => groups.create({ name: `VIP ${unique}`, metadata: { discount_percent: 10 } }),
    update: () => groups.update(vip.id, { metadata: { since: 2026 } }),
    list: () => groups.list({ customers: { id: ada.id }, fields: "*customers" }),
    retrieve: () => groups.retrieve(vip.id, { fields: "+customers.id" }),
    delete: async () => groups.delete((await newGroup()).id),
    batchCustomers: () => groups.batchCustomers(vip.id, { add: [ada.id] }),
  },
}

const range = { $gte: "2020-01-01" }
const SENT = {
  "customer list": {
    "limit, offset": { limit: 1, offset: 1 },
    "fields": { fields: "id,email,*groups" },
    "q": { q: "ada" },
    "id": { id: [ada.id, "cus_x"] },
    "email": { email: ada.email },
    "groups": { groups: [vip.id] },
    "groups[id]": { groups: { id: vip.id } },
    "has_account": { has_account: true },
    "created_by": { created_by: ["user_1"] },
    "created_at, updated_at": { created_at: range, updated_at: range },
    "order": { order: "-created_at" },
    "first_name": { first_name: "Ada" },
    "last_name": { last_name: "Lovelace" },
    "company_name": { company_name: `Engines ${unique}` },
    "email with an operator": { email: { $ilike: "ada%" } },
    "deleted_at": { deleted_at: range },
    "with_deleted": { with_deleted: true },
    "$and": { $and: [{ email: ada.email }] },
    "$or": { $or: [{ email: ada.email }, { first_name: "Ada" }] },
  },
  "group list": {
    "limit, offset": { limit: 1, offset: 1 },
    "fields": { fields: "id,name,*customers" },
    "q": { q: "vip" },
    "id": { id: [vip.id] },
    "name": { name: [vip.name] },
    "customers": { customers: [ada.id] },
    "customers[id]": { customers: { id: ada.id } },
    "created_by": { created_by: ["user_1"] },
    "created_at, updated_at": { created_at: range, updated_at: range },
    "order": { order: "-name" },
    "name with an operator": { name: { $ilike: "vip%" } },
    "deleted_at": { deleted_at: range },
    "with_deleted": { with_deleted: true },
    "$and": { $and: [{ name: vip.name }] },
    "$or": { $or: [{ name: vip.name }, { id: vip.id }] },
  },
}
const BODIES = {
  "customer body": {
    "email, names, company_name, phone, metadata": () =>
      customers.update(ada.id, { email: ada.email, company_name: "E", phone: "1", metadata: { a: { b: [1] } } }),
    "additional_data": () => customers.update(ada.id, { additional_data: { score: 1 } }),
  },
  "group body": {
    "name, metadata": () => groups.update(vip.id, { name: `Very ${unique}`, metadata: { a: null, b: "" } }),
    "additional_data": () => groups.update(vip.id, { additional_data: { score: 1 } }),
  },
}

for (const [name, resource] of Object.entries({ customer: customers, customerGroup: groups }))
  for (const method of methodsOf(resource))
    await report("method", `${name}.${method}`, async () => {
      if (!CALLS[name][method]) throw new Error("no call is written for this method")
      return CALLS[name][method]()
    })
for (const [kind, queries] of Object.entries(SENT))
  for (const [name, query] of Object.entries(queries))
    await report(kind, name, () => (kind === "customer list" ? customers : groups).list(query))
for (const [kind, bodies] of Object.entries(BODIES))
  for (const [name, call] of Object.entries(bodies)) await report(kind, name, call)
