// Every screen once: tabs, keys and the frame read this list. A screen is `ID/Words.svelte`: `run/Run.svelte`.

export const SCREENS = [
  { id: "compare", text: "Compare", key: "1" },
  { id: "run", text: "Run", key: "2" },
  { id: "scenarios", text: "Scenarios", key: "3" },
  { id: "shopper", text: "Shopper", key: "4" },
] as const;

export type Tab = (typeof SCREENS)[number]["id"];

/** Where a screen's component is, from here. */
export function place(tab: Tab): string {
  const screen = SCREENS.find((one) => one.id === tab) ?? SCREENS[0];
  return `./${screen.id}/${screen.text}.svelte`;
}
