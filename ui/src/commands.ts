// Every command once: words, keys, and what it does. The palette, the key sheet and the key handler read this list.
import { SCREENS } from "./screens";
import type { Tab } from "./screens";
import { app } from "./state.svelte";

export type Command = {
  id: string;
  text: string;
  /** As `KeyboardEvent.key`, lower case; `mod+` stands for Ctrl or Cmd. */
  keys: string;
  group: "Go to" | "Run" | "Compare" | "Shopper" | "Window";
  run?: () => void;
  /** Missing: always. */
  when?: () => boolean;
};

/** Screens add what only they can do while they are shown. */
const handlers = new Map<string, () => void>();

/** For `$effect`: registers handlers of commands, and returns the function that removes them. */
export function provide(added: Record<string, () => void>): () => void {
  for (const [id, handler] of Object.entries(added)) handlers.set(id, handler);
  return () => {
    for (const [id, handler] of Object.entries(added)) if (handlers.get(id) === handler) handlers.delete(id);
  };
}

const goTo = (tab: Tab) => () => app.go(tab);

export const commands: Command[] = [
  ...SCREENS.map(({ id, text, key }) => ({ id, text, keys: key, group: "Go to" as const, run: goTo(id) })),
  { id: "start", text: "Start the run", keys: "r", group: "Run" },
  {
    id: "cancel",
    text: "Cancel the run",
    keys: "mod+.",
    group: "Run",
    run: () => void app.cancel(),
    when: () => app.job !== null,
  },
  {
    id: "sample",
    text: "Open sample",
    keys: "",
    group: "Run",
    run: () => void app.openSample(),
    when: () => app.job === null,
  },
  { id: "tables", text: "Charts as tables", keys: "t", group: "Compare" },
  { id: "sentence", text: "Copy the sentence", keys: "c", group: "Compare" },
  { id: "play", text: "Play or pause", keys: " ", group: "Shopper" },
  { id: "previous", text: "Previous event", keys: "arrowleft", group: "Shopper" },
  { id: "next", text: "Next event", keys: "arrowright", group: "Shopper" },
  { id: "first", text: "First event", keys: "home", group: "Shopper" },
  { id: "last", text: "Last event", keys: "end", group: "Shopper" },
  { id: "divergence", text: "First divergence", keys: "d", group: "Shopper" },
  { id: "why", text: "Why?", keys: "w", group: "Shopper" },
  { id: "save", text: "Save the text", keys: "mod+s", group: "Window" },
  {
    id: "palette",
    text: "Search or run a command",
    keys: "mod+k",
    group: "Window",
    run: () => (app.overlay = "palette"),
  },
  { id: "keys", text: "Keyboard", keys: "?", group: "Window", run: () => (app.overlay = "keys") },
  {
    id: "theme",
    text: "Light or dark",
    keys: "shift+d",
    group: "Window",
    run: () => app.setLook(app.theme === "dark" ? "light" : "dark"),
  },
];

export function available(command: Command): boolean {
  return (command.run !== undefined || handlers.has(command.id)) && (command.when?.() ?? true);
}

export function execute(command: Command): void {
  (handlers.get(command.id) ?? command.run)?.();
}

const NAMES: Record<string, string> = {
  arrowleft: "←",
  arrowright: "→",
  " ": "Space",
  home: "Home",
  end: "End",
  "mod+k": "Ctrl K",
  "mod+s": "Ctrl S",
  "mod+.": "Ctrl .",
  "shift+d": "Shift D",
};

/** Keys as printed on a key cap. */
export function caption(keys: string): string {
  return NAMES[keys] ?? keys.toUpperCase();
}

function pressed(event: KeyboardEvent): string {
  const key = event.key.toLowerCase();
  if (event.ctrlKey || event.metaKey) return `mod+${key}`;
  return event.shiftKey && /^[a-z]$/.test(key) ? `shift+${key}` : key;
}

/** Keys that belong to the element in focus: text, sliders, lists, and Space on buttons. */
function taken(event: KeyboardEvent, key: string): boolean {
  const target = event.target;
  if (!(target instanceof HTMLElement) || key.startsWith("mod+")) return false;
  if (target.closest("textarea, input:not([type=checkbox]):not([type=radio])")) return true;
  if (target.closest("[data-keys='own']"))
    return key.startsWith("arrow") || key === "home" || key === "end" || key === " ";
  if (key === " ") return target.closest("button, a, input, summary") !== null;
  return target.closest("input[type=radio]") !== null && key.startsWith("arrow");
}

export function onKeydown(event: KeyboardEvent): void {
  if (event.altKey || event.defaultPrevented || app.overlay) return;
  const key = pressed(event);
  if (taken(event, key)) return;
  const command = commands.find((one) => one.keys === key && available(one));
  if (!command) return;
  event.preventDefault();
  execute(command);
}
