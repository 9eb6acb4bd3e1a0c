-- Views hold no data: every migration drops them all and makes them anew.
-- Moments are given in the shop's local time, money in minor units of the run's currency.
-- Runs that were deleted do not appear.

CREATE VIEW runs_readable AS
SELECT r.id AS run, r.name, r.note, r.created_at, r.status, r.scenario, r.title, r.scenario_hash, r.seed, r.worlds,
       (SELECT count(*) FROM units u WHERE u.run_no = r.run_no) AS worlds_stored,
       r.shoppers AS shoppers_per_world, r.days, r.currency, r.currency_decimals,
       (SELECT group_concat(name, ', ') FROM (SELECT name FROM arms a WHERE a.run_no = r.run_no ORDER BY arm_no)) AS arms,
       date(86400 * (r.first_day_from_epoch + r.horizon_start_day), 'unixepoch') AS horizon_start,
       r.keep, r.visits_kept_ppm, r.engine_version, r.deterministic, r.sample, r.covered, r.result_hash, r.seconds
FROM runs r WHERE r.deleted = 0;

CREATE VIEW latest_run AS
SELECT run_no, id AS run FROM runs r WHERE deleted = 0 AND EXISTS (SELECT 1 FROM units u WHERE u.run_no = r.run_no)
ORDER BY run_no DESC LIMIT 1;

CREATE VIEW arm_units_readable AS
SELECT u.arm_unit, r.run_no, r.id AS run, u.world, u.arm_no, a.name AS arm, a.policy, u.digest, u.orders_digest,
       86400 * r.first_day_from_epoch AS day_0_unixepoch, r.horizon_start_day, r.days
FROM arm_units u JOIN runs r ON r.run_no = u.run_no JOIN arms a ON a.run_no = u.run_no AND a.arm_no = u.arm_no
WHERE r.deleted = 0;

CREATE VIEW daily_readable AS
SELECT u.run, u.world, u.arm, d.day + 1 AS day,
       date(u.day_0_unixepoch + 86400 * (u.horizon_start_day + d.day), 'unixepoch') AS date,
       CASE WHEN d.day < u.days THEN 'horizon' ELSE 'probe' END AS phase,
       d.sessions, d.orders, d.discounted_orders, d.goods_net_minor, d.rewards_minor, d.contribution_minor,
       d.treatments_shown, d.waits
FROM daily d JOIN arm_units_readable u ON u.arm_unit = d.arm_unit;

CREATE VIEW truth_readable AS
SELECT u.run, u.world, u.arm, t.needs_none, t.needs_incremental, t.needs_pulled_forward, t.needs_lost,
       t.needs_subsidised, t.needs_unchanged, t.spillover_orders
FROM truth t JOIN arm_units_readable u ON u.arm_unit = t.arm_unit;

CREATE VIEW bridge_readable AS
SELECT u.run, u.world, u.arm, b.step_no, coalesce(c.name, b.step_no) AS step, b.amount_minor
FROM bridge b JOIN arm_units_readable u ON u.arm_unit = b.arm_unit
LEFT JOIN codes c ON c.kind = 'bridge step' AND c.code = b.step_no;

CREATE VIEW probe_weeks_readable AS
SELECT u.run, u.world, u.arm, p.week + 1 AS week, p.orders_as_is, p.orders_reset
FROM probe_weeks p JOIN arm_units_readable u ON u.arm_unit = p.arm_unit;

CREATE VIEW needs_readable AS
SELECT u.run, u.world, u.arm, n.shopper, coalesce(g.name, n.category) AS category, n.k,
       date(u.day_0_unixepoch + 86400 * n.due_day, 'unixepoch') AS due, coalesce(f.name, n.fate) AS fate,
       n.order_no, n.waited, n.goods_margin_minor, n.reward_minor, n.logistics_minor,
       n.goods_margin_minor - n.reward_minor + n.logistics_minor AS contribution_minor
FROM needs n JOIN arm_units_readable u ON u.arm_unit = n.arm_unit
LEFT JOIN categories g ON g.run_no = u.run_no AND g.category = n.category
LEFT JOIN codes f ON f.kind = 'fate' AND f.code = n.fate;

CREATE VIEW orders_readable AS
SELECT u.run, u.world, u.arm, o.shopper, o.order_no, datetime(u.day_0_unixepoch + o.at_ms / 1000, 'unixepoch') AS placed,
       o.at_ms, CASE WHEN o.at_ms < 86400000 * (u.horizon_start_day + u.days) THEN 'horizon' ELSE 'probe' END AS phase,
       coalesce(g.name, o.category) AS category, o.k, o.product, o.units, o.units_stocked, o.goods_minor,
       o.reward_minor, coalesce(t.name, o.treatment) AS treatment, o.sale, o.contribution_minor, o.returned
FROM orders o JOIN arm_units_readable u ON u.arm_unit = o.arm_unit
LEFT JOIN categories g ON g.run_no = u.run_no AND g.category = o.category
LEFT JOIN treatments t ON t.run_no = u.run_no AND t.treatment = o.treatment;

CREATE VIEW offers_readable AS
SELECT u.run, u.world, u.arm, o.shopper, o.offer, coalesce(t.name, o.treatment) AS treatment,
       datetime(u.day_0_unixepoch + o.issued_at_ms / 1000, 'unixepoch') AS issued, o.issued_at_ms,
       coalesce(f.name, o.fate) AS fate, o.order_no, o.cost_minor
FROM offers o JOIN arm_units_readable u ON u.arm_unit = o.arm_unit
LEFT JOIN treatments t ON t.run_no = u.run_no AND t.treatment = o.treatment
LEFT JOIN codes f ON f.kind = 'offer fate' AND f.code = o.fate;

CREATE VIEW visits_readable AS
SELECT u.run, u.world, u.arm, v.shopper, v.visit, datetime(u.day_0_unixepoch + v.at_ms / 1000, 'unixepoch') AS began,
       v.at_ms, CASE WHEN v.at_ms < 86400000 * (u.horizon_start_day + u.days) THEN 'horizon' ELSE 'probe' END AS phase,
       v.seconds, v.visit_key, v.pages, v.shown, coalesce(e.name, v.ended) AS ended
FROM visits v JOIN arm_units_readable u ON u.arm_unit = v.arm_unit
LEFT JOIN codes e ON e.kind = 'visit end' AND e.code = v.ended;

CREATE VIEW decisions_readable AS
SELECT u.run, u.world, u.arm, d.shopper, d.decision_no, datetime(u.day_0_unixepoch + d.at_ms / 1000, 'unixepoch') AS asked,
       d.at_ms, coalesce(p.name, d.point) AS point, coalesce(s.name, d.shown) AS shown, coalesce(w.name, d.winner) AS winner,
       coalesce(c.name, d.reason) AS reason, d.propensity_ppm, d.latency_ms
FROM decisions d JOIN arm_units_readable u ON u.arm_unit = d.arm_unit
LEFT JOIN treatments s ON s.run_no = u.run_no AND s.treatment = d.shown
LEFT JOIN treatments w ON w.run_no = u.run_no AND w.treatment = d.winner
LEFT JOIN codes p ON p.kind = 'decision point' AND p.code = d.point
LEFT JOIN codes c ON c.kind = 'reason' AND c.code = d.reason;

CREATE VIEW quiet_decisions_readable AS
SELECT u.run, u.world, u.arm, date(u.day_0_unixepoch + 86400 * q.day, 'unixepoch') AS date,
       coalesce(s.name, q.stage) AS stage, coalesce(c.name, q.reason) AS reason, q.decisions
FROM quiet_decisions q JOIN arm_units_readable u ON u.arm_unit = q.arm_unit
LEFT JOIN codes s ON s.kind = 'stage' AND s.code = q.stage
LEFT JOIN codes c ON c.kind = 'reason' AND c.code = q.reason;
