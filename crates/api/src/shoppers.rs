//! Shoppers worth looking at: those to whom the two arms did different things come first.

use counterfoil_core::number::Purse;
use counterfoil_results::display_of;
use counterfoil_store::{Interest, ShopperHit as Found, ShopperQuery as Query};

use crate::api::Api;
use crate::dto::{ApiError, ShopperHit, ShopperQuery, Tone};
use crate::job::minor_units;

/// Words that ask for a kind of shopper, as people may type them.
const WORDS: [(&str, Interest); 9] = [
    ("subsidised", Interest::Subsidised),
    ("gift", Interest::Subsidised),
    ("won", Interest::Incremental),
    ("incremental", Interest::Incremental),
    ("earlier", Interest::PulledForward),
    ("pulled forward", Interest::PulledForward),
    ("lost", Interest::Lost),
    ("waits", Interest::Waited),
    ("fishing", Interest::Fished),
];

impl Api {
    /// Shoppers of one world, those who differ between the arms first.
    ///
    /// `search` is the beginning of a number, or words of a label: `waits`, `lost`, `gift`.
    ///
    /// # Errors
    /// [`crate::dto::ErrorCode::NotFound`] for a run or an arm that does not exist.
    pub fn shoppers(&self, query: &ShopperQuery) -> Result<Vec<ShopperHit>, ApiError> {
        let store = self.store()?;
        let run = store.find_run(&query.run)?;
        let search = query.search.trim().trim_start_matches('#').to_lowercase();
        let number = search.chars().all(|c| c.is_ascii_digit());
        let interest = WORDS.iter().find(|(word, _)| !search.is_empty() && word.starts_with(&search));
        if !number && interest.is_none() {
            return Ok(Vec::new());
        }
        let begins = if number { search.trim_start_matches('0') } else { "" };
        let found = store.interesting_shoppers(Query {
            run: run.no,
            world: Some(query.world),
            arm_a: &query.arm_a,
            arm_b: &query.arm_b,
            interest: interest.map_or(Interest::Anything, |(_, interest)| *interest),
            number_begins: begins,
            limit: query.limit,
        })?;
        let minor = minor_units(run.currency_decimals);
        let purse = Purse::new(&run.currency, run.currency_decimals);
        Ok(found.iter().map(|found| hit(found, query, &purse, minor)).collect())
    }
}

fn hit(found: &Found, query: &ShopperQuery, purse: &Purse, minor: f64) -> ShopperHit {
    let difference = (found.contribution[0] - found.contribution[1]).0;
    let tone = match difference {
        0 => Tone::Plain,
        1.. => Tone::Good,
        _ => Tone::Bad,
    };
    let difference = difference as f64 / minor;
    ShopperHit {
        shopper: found.shopper,
        world: found.world,
        title: format!("#{}", found.shopper),
        label: label(found, query),
        difference,
        amount: found.differs().then(|| purse.exact_signed(difference)),
        tone,
        differs: found.differs(),
    }
}

/// What happened to her, the most telling first.
fn label(found: &Found, query: &ShopperQuery) -> String {
    let (here, there) = (display_of(&query.arm_a), display_of(&query.arm_b));
    let orders = match found.bought {
        [0, 0] => "no order in either".to_owned(),
        [a, b] if a == b => format!("{a} {} in both", plural(a, "order")),
        [a, b] => format!("{a} {} in {here}, {b} in {there}", plural(a, "order")),
    };
    let told = [
        (found.lost, "lost"),
        (found.incremental, "won"),
        (found.pulled_forward, "only came earlier"),
        (found.subsidised, "got a gift, bought anyway"),
    ];
    let mut parts = vec![orders];
    parts.extend(told.iter().filter(|(count, _)| *count > 0).map(|(count, what)| match count {
        1 => (*what).to_owned(),
        count => format!("{count} × {what}"),
    }));
    if found.waited[0] != found.waited[1] {
        let who = if found.waited[0] > found.waited[1] { here } else { there };
        parts.push(format!("waits for a deal in {who}"));
    }
    parts.join(" · ")
}

fn plural(count: i64, word: &str) -> String {
    if count == 1 { word.to_owned() } else { format!("{word}s") }
}
