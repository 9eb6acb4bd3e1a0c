-- Version 2: names and notes of runs, the sample of shoppers whose visits are kept, and digests of what was written.

ALTER TABLE runs ADD COLUMN name TEXT NOT NULL DEFAULT '';
ALTER TABLE runs ADD COLUMN note TEXT NOT NULL DEFAULT '';
-- Share of shoppers whose visits and decisions are kept, in millionths.
ALTER TABLE runs ADD COLUMN visits_kept_ppm INTEGER NOT NULL DEFAULT 0;
UPDATE runs SET visits_kept_ppm = 1000000 WHERE keep = 'visits';

-- One digest per table and place. world is -1 for tables of the run itself, arm_no is -1 for tables of a world itself.
CREATE TABLE digests (
  run_no INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
  world INTEGER NOT NULL,
  arm_no INTEGER NOT NULL,
  table_name TEXT NOT NULL,
  row_count INTEGER NOT NULL,
  digest TEXT NOT NULL,
  PRIMARY KEY (run_no, world, arm_no, table_name)
) WITHOUT ROWID;
