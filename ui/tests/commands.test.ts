// Goal: one list of commands answers keys, palette and key sheet; a key that belongs to a field is left alone.
import assert from "node:assert/strict";
import { test } from "node:test";

/** As much of a window as the list looks at. */
class Element {
  constructor(private readonly matches: string[] = []) {}
  closest(selector: string): Element | null {
    return this.matches.some((one) => selector.includes(one)) ? this : null;
  }
}
const kept = new Map<string, string>();
Object.assign(globalThis, {
  HTMLElement: Element,
  localStorage: { getItem: (key: string) => kept.get(key) ?? null, setItem: (k: string, v: string) => kept.set(k, v) },
  matchMedia: () => ({ matches: false, addEventListener: () => undefined }),
});

const { available, caption, commands, execute, onKeydown, provide } = await import("../src/commands");
const { app } = await import("../src/state.svelte");

type Key = { ctrlKey?: boolean; shiftKey?: boolean; altKey?: boolean; target?: Element };

/** Presses a key; whether somebody took it. */
function press(key: string, { target = new Element(), ...more }: Key = {}): boolean {
  let taken = false;
  const event = { key, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, defaultPrevented: false };
  onKeydown({ ...event, ...more, target, preventDefault: () => (taken = true) } as unknown as KeyboardEvent);
  return taken;
}

function named(id: string) {
  const found = commands.find((one) => one.id === id);
  assert.ok(found, id);
  return found;
}

test("no id and no key stands twice, and every command has words", () => {
  const ids = commands.map((one) => one.id);
  const keys = commands.map((one) => one.keys).filter((key) => key !== "");
  assert.equal(new Set(ids).size, ids.length);
  assert.equal(new Set(keys).size, keys.length);
  assert.ok(commands.every((one) => one.text.length > 2));
});

test("a screen's command is there while the screen is", () => {
  let played = 0;
  assert.equal(available(named("play")), false);
  const remove = provide({ play: () => (played += 1) });
  assert.equal(available(named("play")), true);
  assert.ok(press(" "));
  remove();
  assert.equal(available(named("play")), false);
  assert.equal(press(" "), false);
  assert.equal(played, 1);
});

test("a later screen keeps its command when an earlier one goes", () => {
  const said: string[] = [];
  const first = provide({ why: () => said.push("first") });
  const second = provide({ why: () => said.push("second") });
  first();
  execute(named("why"));
  second();
  assert.deepEqual(said, ["second"]);
});

test("numbers change the screen, and modifiers make another key", () => {
  assert.ok(press("2"));
  assert.equal(app.tab, "run");
  assert.ok(press("1"));
  assert.equal(app.tab, "compare");
  assert.equal(press("1", { altKey: true }), false);
  assert.equal(press("1", { ctrlKey: true }), false);
  assert.ok(press("K", { ctrlKey: true }));
  assert.equal(app.overlay, "palette");
  assert.equal(press("1"), false, "an open overlay has the keys");
  app.overlay = null;
});

test("what is typed into a field stays there", () => {
  const field = new Element(["textarea"]);
  assert.equal(press("2", { target: field }), false);
  assert.ok(press("k", { ctrlKey: true, target: field }), "but not what is pressed with Ctrl");
  app.overlay = null;
});

test("lists keep their arrows, buttons their space", () => {
  const remove = provide({ play: () => undefined, next: () => undefined });
  const list = new Element(["[data-keys='own']"]);
  assert.equal(press("ArrowRight", { target: list }), false);
  assert.ok(press("ArrowRight"));
  assert.equal(press(" ", { target: new Element(["button"]) }), false);
  remove();
});

test("keys are printed as on a key cap", () => {
  assert.deepEqual(["arrowleft", " ", "mod+k", "r"].map(caption), ["←", "Space", "Ctrl K", "R"]);
});
