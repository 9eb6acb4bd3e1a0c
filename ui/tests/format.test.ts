// Goal: the little that the page writes itself reads like the rest.
import assert from "node:assert/strict";
import { test } from "node:test";

import { count, duration, micros, plural } from "../src/format";

test("counts have their thousands apart", () => {
  assert.deepEqual([0, 999, 1000, 1234567].map(count), ["0", "999", "1,000", "1,234,567"]);
});

test("one is one and everything else is many", () => {
  assert.equal(plural(1, "event"), "1 event");
  assert.equal(plural(0, "event"), "0 events");
  assert.equal(plural(1200, "event"), "1,200 events");
  assert.equal(plural(2, "class", "classes"), "2 classes");
});

test("a length of time has the unit of its size", () => {
  const lengths = [0.4, 1, 12.4, 89, 90, 200, 5399, 5400, 9000].map(duration);
  assert.deepEqual(lengths, ["under 1 s", "1 s", "12 s", "89 s", "2 min", "3 min", "90 min", "1.5 h", "2.5 h"]);
});

test("a latency keeps two digits", () => {
  assert.deepEqual([84.4, 999, 2400, 12_345].map(micros), ["84 µs", "999 µs", "2.4 ms", "12 ms"]);
});
