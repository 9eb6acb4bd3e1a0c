-- Version 1. Frozen once released: later versions are migrations of their own.
-- Money is in minor units, at_ms in milliseconds since the first midnight of the world's warm-up, days likewise
-- counted from 0 there. Small integers stand for names that the table codes holds.

CREATE TABLE runs (
  run_no INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('partial', 'complete')),
  deleted INTEGER NOT NULL DEFAULT 0 CHECK (deleted IN (0, 1)),
  sample INTEGER NOT NULL CHECK (sample IN (0, 1)),
  deterministic INTEGER NOT NULL CHECK (deterministic IN (0, 1)),
  engine_version TEXT NOT NULL,
  scenario TEXT NOT NULL,
  title TEXT NOT NULL,
  scenario_text TEXT NOT NULL,
  scenario_hash TEXT NOT NULL,
  command TEXT NOT NULL,
  currency TEXT NOT NULL,
  currency_decimals INTEGER NOT NULL,
  seed INTEGER NOT NULL,
  worlds INTEGER NOT NULL,
  shoppers INTEGER NOT NULL,
  days INTEGER NOT NULL,
  first_day_from_epoch INTEGER NOT NULL,
  horizon_start_day INTEGER NOT NULL,
  keep TEXT NOT NULL,
  result_hash TEXT,
  seconds REAL,
  performance TEXT,
  covered INTEGER NOT NULL CHECK (covered IN (0, 1)),
  question TEXT NOT NULL,
  guess TEXT
);

CREATE TABLE policies (
  run_no INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
  name TEXT NOT NULL,
  text TEXT NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (run_no, name)
) WITHOUT ROWID;

CREATE TABLE arms (
  run_no INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
  arm_no INTEGER NOT NULL,
  name TEXT NOT NULL,
  policy TEXT NOT NULL,
  PRIMARY KEY (run_no, arm_no),
  UNIQUE (run_no, name),
  FOREIGN KEY (run_no, policy) REFERENCES policies (run_no, name) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX arms_by_policy ON arms (run_no, policy);

CREATE TABLE treatments (
  run_no INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
  treatment INTEGER NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (run_no, treatment)
) WITHOUT ROWID;

CREATE TABLE categories (
  run_no INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
  category INTEGER NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (run_no, category)
) WITHOUT ROWID;

CREATE TABLE units (
  run_no INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
  world INTEGER NOT NULL,
  shoppers INTEGER NOT NULL,
  events INTEGER NOT NULL,
  PRIMARY KEY (run_no, world)
) WITHOUT ROWID;

CREATE TABLE arm_units (
  arm_unit INTEGER PRIMARY KEY,
  run_no INTEGER NOT NULL,
  world INTEGER NOT NULL,
  arm_no INTEGER NOT NULL,
  digest TEXT NOT NULL,
  orders_digest TEXT NOT NULL,
  UNIQUE (run_no, world, arm_no),
  FOREIGN KEY (run_no, world) REFERENCES units ON DELETE CASCADE,
  FOREIGN KEY (run_no, arm_no) REFERENCES arms ON DELETE CASCADE
);
CREATE INDEX arm_units_by_arm ON arm_units (run_no, arm_no);

CREATE TABLE totals (
  arm_unit INTEGER NOT NULL REFERENCES arm_units ON DELETE CASCADE,
  name TEXT NOT NULL,
  value INTEGER NOT NULL,
  PRIMARY KEY (arm_unit, name)
) WITHOUT ROWID;

CREATE TABLE daily (
  arm_unit INTEGER NOT NULL REFERENCES arm_units ON DELETE CASCADE,
  day INTEGER NOT NULL,
  sessions INTEGER NOT NULL,
  orders INTEGER NOT NULL,
  discounted_orders INTEGER NOT NULL,
  goods_net_minor INTEGER NOT NULL,
  rewards_minor INTEGER NOT NULL,
  contribution_minor INTEGER NOT NULL,
  treatments_shown INTEGER NOT NULL,
  waits INTEGER NOT NULL,
  PRIMARY KEY (arm_unit, day)
) WITHOUT ROWID;

CREATE TABLE truth (
  arm_unit INTEGER PRIMARY KEY REFERENCES arm_units ON DELETE CASCADE,
  needs_none INTEGER NOT NULL,
  needs_incremental INTEGER NOT NULL,
  needs_pulled_forward INTEGER NOT NULL,
  needs_lost INTEGER NOT NULL,
  needs_subsidised INTEGER NOT NULL,
  needs_unchanged INTEGER NOT NULL,
  spillover_orders INTEGER NOT NULL
);

CREATE TABLE bridge (
  arm_unit INTEGER NOT NULL REFERENCES arm_units ON DELETE CASCADE,
  step_no INTEGER NOT NULL,
  amount_minor INTEGER NOT NULL,
  PRIMARY KEY (arm_unit, step_no)
) WITHOUT ROWID;

CREATE TABLE probe_weeks (
  arm_unit INTEGER NOT NULL REFERENCES arm_units ON DELETE CASCADE,
  week INTEGER NOT NULL,
  orders_as_is INTEGER NOT NULL,
  orders_reset INTEGER NOT NULL,
  PRIMARY KEY (arm_unit, week)
) WITHOUT ROWID;

CREATE TABLE needs (
  arm_unit INTEGER NOT NULL REFERENCES arm_units ON DELETE CASCADE,
  shopper INTEGER NOT NULL,
  category INTEGER NOT NULL,
  k INTEGER NOT NULL,
  due_day INTEGER NOT NULL,
  fate INTEGER NOT NULL,
  order_no INTEGER,
  waited INTEGER NOT NULL,
  goods_margin_minor INTEGER NOT NULL,
  reward_minor INTEGER NOT NULL,
  logistics_minor INTEGER NOT NULL,
  PRIMARY KEY (arm_unit, shopper, category, k)
) WITHOUT ROWID;

CREATE TABLE orders (
  arm_unit INTEGER NOT NULL REFERENCES arm_units ON DELETE CASCADE,
  shopper INTEGER NOT NULL,
  order_no INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  category INTEGER NOT NULL,
  k INTEGER NOT NULL,
  product INTEGER NOT NULL,
  units INTEGER NOT NULL,
  units_stocked INTEGER NOT NULL,
  goods_minor INTEGER NOT NULL,
  reward_minor INTEGER NOT NULL,
  treatment INTEGER,
  sale INTEGER NOT NULL,
  contribution_minor INTEGER NOT NULL,
  returned INTEGER NOT NULL,
  PRIMARY KEY (arm_unit, shopper, order_no)
) WITHOUT ROWID;

CREATE TABLE offers (
  arm_unit INTEGER NOT NULL REFERENCES arm_units ON DELETE CASCADE,
  shopper INTEGER NOT NULL,
  offer INTEGER NOT NULL,
  treatment INTEGER NOT NULL,
  issued_at_ms INTEGER NOT NULL,
  fate INTEGER NOT NULL,
  order_no INTEGER,
  cost_minor INTEGER NOT NULL,
  PRIMARY KEY (arm_unit, shopper, offer)
) WITHOUT ROWID;

CREATE TABLE visits (
  arm_unit INTEGER NOT NULL REFERENCES arm_units ON DELETE CASCADE,
  shopper INTEGER NOT NULL,
  visit INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  seconds INTEGER NOT NULL,
  visit_key INTEGER NOT NULL,
  pages INTEGER NOT NULL,
  shown INTEGER NOT NULL,
  ended INTEGER NOT NULL,
  PRIMARY KEY (arm_unit, shopper, visit)
) WITHOUT ROWID;

CREATE TABLE decisions (
  arm_unit INTEGER NOT NULL REFERENCES arm_units ON DELETE CASCADE,
  shopper INTEGER NOT NULL,
  decision_no INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  point INTEGER NOT NULL,
  shown INTEGER,
  winner INTEGER,
  reason INTEGER NOT NULL,
  propensity_ppm INTEGER NOT NULL,
  latency_ms INTEGER NOT NULL,
  PRIMARY KEY (arm_unit, shopper, decision_no)
) WITHOUT ROWID;

CREATE TABLE quiet_decisions (
  arm_unit INTEGER NOT NULL REFERENCES arm_units ON DELETE CASCADE,
  day INTEGER NOT NULL,
  stage INTEGER NOT NULL,
  reason INTEGER NOT NULL,
  decisions INTEGER NOT NULL,
  PRIMARY KEY (arm_unit, day, stage, reason)
) WITHOUT ROWID;

CREATE TABLE traces (
  run_no INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
  world INTEGER NOT NULL,
  shopper INTEGER NOT NULL,
  trace TEXT NOT NULL,
  PRIMARY KEY (run_no, world, shopper)
) WITHOUT ROWID;

CREATE TABLE codes (
  kind TEXT NOT NULL,
  code INTEGER NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (kind, code)
) WITHOUT ROWID;
