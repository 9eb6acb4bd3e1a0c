import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

// safari18: an older target rewrites light-dark() to a media query, and the theme switch would do nothing.
// No inlined assets and no preload helper: the content security policy allows files of our own only.
export default defineConfig({
  plugins: [svelte()],
  build: { target: "safari18", assetsInlineLimit: 0, modulePreload: false },
  server: { strictPort: true },
});
