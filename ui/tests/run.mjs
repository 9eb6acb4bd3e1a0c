// `npm test`: Node's own test runner over the sources as vite reads them, so that no test framework is needed.
import { readdir } from "node:fs/promises";

import { createServer } from "vite";

const server = await createServer({
  appType: "custom",
  logLevel: "error",
  server: { middlewareMode: true, hmr: false, ws: false, watch: null },
});

for (const name of await readdir(new URL(".", import.meta.url))) {
  if (name.endsWith(".test.ts")) await server.ssrLoadModule(`/tests/${name}`);
}
await server.close();
