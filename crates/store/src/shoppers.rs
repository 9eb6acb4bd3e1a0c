//! Shoppers worth looking at: the same person under two arms, found by what happened to her.
//!
//! Needs are joined over the arms by (shopper, category, k), which no arm can move. `a` is the arm looked at, `b` the one
//! it is compared with, most often control.

use crate::error::{At, StoreError};
use crate::model::RunNo;
use crate::open::Store;
use counterfoil_core::money::Money;
use rusqlite::{Row, named_params};

/// What makes a shopper worth looking at. Counted in needs, or in visits for [`Interest::Fished`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interest {
    /// Everybody with an active need; those whose needs, rewards or offers differ first.
    Anything,
    /// Bought with a reward in `a` and would have bought anyway: she buys in `b` too.
    Subsidised,
    /// Bought in `a` only.
    Incremental,
    /// Bought in `b`; in `a` she lives on stock that she bought earlier.
    PulledForward,
    /// Bought in `b` only.
    Lost,
    /// Waited or fished in `a` although she would have bought, and not so in `b`.
    Waited,
    /// Left a cart on purpose in `a`; needs stored visits.
    Fished,
    /// Was shown a treatment in `a`, and a need of hers ended differently than in `b`; needs stored decisions.
    Changed,
}

impl Interest {
    /// All, in the order of a menu.
    pub const ALL: [Self; 8] = [
        Self::Anything,
        Self::Subsidised,
        Self::Incremental,
        Self::PulledForward,
        Self::Lost,
        Self::Waited,
        Self::Fished,
        Self::Changed,
    ];

    /// Name in JSON and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        ["anything", "subsidised", "incremental", "pulled_forward", "lost", "waited", "fished", "changed"]
            [self as usize]
    }

    /// What is counted, in terms of the query below; rows where it is 0 are left out.
    fn counted(self) -> &'static str {
        match self {
            Self::Anything => "1 + (changed > 0 OR reward_a <> reward_b OR offers_a <> offers_b)",
            Self::Subsidised => "subsidised",
            Self::Incremental => "incremental",
            Self::PulledForward => "pulled_forward",
            Self::Lost => "lost",
            Self::Waited => "waited_only_a",
            Self::Fished => {
                "(SELECT count(*) FROM visits v WHERE v.arm_unit = a AND v.shopper = s.shopper AND v.ended = 4)"
            }
            Self::Changed => {
                "changed * EXISTS (SELECT 1 FROM decisions d
                   WHERE d.arm_unit = a AND d.shopper = s.shopper AND d.shown IS NOT NULL)"
            }
        }
    }
}

/// Which shoppers are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShopperQuery<'a> {
    /// The run.
    pub run: RunNo,
    /// One world, or all.
    pub world: Option<u32>,
    /// The arm looked at.
    pub arm_a: &'a str,
    /// The arm it is compared with.
    pub arm_b: &'a str,
    /// What must have happened.
    pub interest: Interest,
    /// Beginning of the shopper's number in decimal digits; empty: any.
    pub number_begins: &'a str,
    /// Most rows wanted.
    pub limit: u32,
}

/// One shopper with what the two arms did to her, over needs due in the horizon; money in minor units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShopperHit {
    /// World, from 0.
    pub world: u32,
    /// Number within the world.
    pub shopper: u32,
    /// How often happened what was asked for; for [`Interest::Anything`] 2 where the arms differ, else 1.
    pub count: i64,
    /// Needs that she bought for, in `a` and in `b`.
    pub bought: [i64; 2],
    /// Personal offers, likewise.
    pub offers: [i64; 2],
    /// Needs at which she waited or fished although she would have bought, likewise.
    pub waited: [i64; 2],
    /// Rewards given, likewise.
    pub reward: [Money; 2],
    /// Contribution without messages, likewise.
    pub contribution: [Money; 2],
    /// Needs bought in both, with a reward in `a`.
    pub subsidised: i64,
    /// Needs bought in `a` only.
    pub incremental: i64,
    /// Needs bought in `b` and met from stock in `a`.
    pub pulled_forward: i64,
    /// Needs bought in `b` only.
    pub lost: i64,
    /// Needs whose fate differs.
    pub changed: i64,
}

impl ShopperHit {
    /// Whether needs, rewards or offers differ between the arms.
    #[must_use]
    pub fn differs(&self) -> bool {
        self.changed > 0 || self.reward[0] != self.reward[1] || self.offers[0] != self.offers[1]
    }
}

/// Fate 2 is met from stock, 3 bought; a need that is missing in an arm stayed dormant there.
const COMPARED: &str = "WITH pairs AS (
    SELECT x.world, x.arm_unit AS a, y.arm_unit AS b FROM arm_units x
    JOIN arm_units y ON y.run_no = x.run_no AND y.world = x.world AND y.arm_no = :arm_b
    WHERE x.run_no = :run AND x.arm_no = :arm_a AND (:world IS NULL OR x.world = :world)),
  keys AS (
    SELECT world, a, b, shopper, category, k FROM pairs JOIN needs ON arm_unit = a
    UNION SELECT world, a, b, shopper, category, k FROM pairs JOIN needs ON arm_unit = b),
  compared AS (
    SELECT world, a, b, keys.shopper, coalesce(x.fate, 0) AS fate_a, coalesce(y.fate, 0) AS fate_b,
      coalesce(x.waited, 0) AS waited_a, coalesce(y.waited, 0) AS waited_b,
      coalesce(x.reward_minor, 0) AS reward_a, coalesce(y.reward_minor, 0) AS reward_b,
      coalesce(x.goods_margin_minor - x.reward_minor + x.logistics_minor, 0) AS contribution_a,
      coalesce(y.goods_margin_minor - y.reward_minor + y.logistics_minor, 0) AS contribution_b
    FROM keys
    LEFT JOIN needs x ON x.arm_unit = a AND x.shopper = keys.shopper AND x.category = keys.category AND x.k = keys.k
    LEFT JOIN needs y ON y.arm_unit = b AND y.shopper = keys.shopper AND y.category = keys.category AND y.k = keys.k),
  s AS (
    SELECT world, a, b, shopper, sum(fate_a = 3) AS bought_a, sum(fate_b = 3) AS bought_b,
      sum(waited_a) AS waited_a, sum(waited_b) AS waited_b, sum(waited_a > waited_b) AS waited_only_a,
      sum(reward_a) AS reward_a, sum(reward_b) AS reward_b,
      sum(contribution_a) AS contribution_a, sum(contribution_b) AS contribution_b,
      sum(fate_a = 3 AND fate_b = 3 AND reward_a > 0) AS subsidised, sum(fate_a = 3 AND fate_b <> 3) AS incremental,
      sum(fate_a = 2 AND fate_b = 3) AS pulled_forward, sum(fate_a NOT IN (2, 3) AND fate_b = 3) AS lost,
      sum(fate_a <> fate_b) AS changed,
      (SELECT count(*) FROM offers o WHERE o.arm_unit = a AND o.shopper = compared.shopper) AS offers_a,
      (SELECT count(*) FROM offers o WHERE o.arm_unit = b AND o.shopper = compared.shopper) AS offers_b
    FROM compared GROUP BY world, a, b, shopper)";

impl Store {
    /// Shoppers to whom it happened, most often first, then by the difference in contribution.
    ///
    /// # Errors
    /// [`StoreError::NoSuchArm`].
    pub fn interesting_shoppers(&self, query: ShopperQuery<'_>) -> Result<Vec<ShopperHit>, StoreError> {
        let (arm_a, arm_b) =
            (self.arm_number(query.run, query.arm_a)?, self.arm_number(query.run, query.arm_b)?);
        let sql = format!(
            "{COMPARED} SELECT * FROM (SELECT *, {} AS count FROM s) WHERE count > 0
             AND substr(shopper, 1, length(:begins)) = :begins
             ORDER BY count DESC, abs(contribution_a - contribution_b) DESC, world, shopper LIMIT :limit",
            query.interest.counted()
        );
        let parameters = named_params! {
            ":run": query.run.0, ":arm_a": arm_a, ":arm_b": arm_b, ":world": query.world,
            ":begins": query.number_begins, ":limit": query.limit,
        };
        self.connection
            .prepare_cached(&sql)
            .and_then(|mut s| s.query_map(parameters, hit)?.collect())
            .at(&self.path)
    }
}

fn hit(row: &Row<'_>) -> rusqlite::Result<ShopperHit> {
    Ok(ShopperHit {
        world: row.get("world")?,
        shopper: row.get("shopper")?,
        count: row.get("count")?,
        bought: [row.get("bought_a")?, row.get("bought_b")?],
        offers: [row.get("offers_a")?, row.get("offers_b")?],
        waited: [row.get("waited_a")?, row.get("waited_b")?],
        reward: [Money(row.get("reward_a")?), Money(row.get("reward_b")?)],
        contribution: [Money(row.get("contribution_a")?), Money(row.get("contribution_b")?)],
        subsidised: row.get("subsidised")?,
        incremental: row.get("incremental")?,
        pulled_forward: row.get("pulled_forward")?,
        lost: row.get("lost")?,
        changed: row.get("changed")?,
    })
}
