// Builds the dashboard as its makers do, signing in with tokens instead of session cookies.
import bundler from "@medusajs/admin-bundler"

process.env.ADMIN_AUTH_TYPE = "jwt"
await bundler.build({ path: "/app", outDir: "dist", backendUrl: "/", sources: [], plugins: [] })
