//! Devices, cookies and log-in of a visit: what the storefront can know about who is there.

use crate::people::Shopper;
use counterfoil_core::draw::DrawKey;
use counterfoil_core::event::{Channel, Device};
use counterfoil_core::ids::{CookieId, CustomerId, ShopperId, VisitKey};
use counterfoil_core::luck::{Luck, uniform};
use counterfoil_core::time::Day;
use counterfoil_scenario::model::Scenario;

/// Cookies that one shopper can have over a run: 2 devices x 8 generations.
const COOKIES_PER_SHOPPER: u64 = 16;
/// Share of her visits on which she uses her second device, if she has one (assumption).
const SECOND_DEVICE_SHARE: f64 = 0.5;
/// Share of visits from social media (assumption).
const SOCIAL_SHARE: f64 = 0.05;

/// Cookie numbers are dense but scattered over the shoppers, so that a policy cannot read one from the other.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cookies {
    all: u64,
    /// Coprime to `all`.
    stride: u64,
    life_days: f64,
}

impl Cookies {
    pub(crate) fn new(scenario: &Scenario, luck: &Luck) -> Self {
        let all = u64::from(scenario.shoppers.count) * COOKIES_PER_SHOPPER;
        let word = luck.block(DrawKey::cookie_scatter())[0];
        let mut stride = (u64::from(word) % all) | 1;
        while gcd(stride, all) != 1 {
            stride += 2;
        }
        Self { all, stride, life_days: scenario.shoppers.cookie_life_days.max(1.0) }
    }

    fn cookie(&self, shopper: ShopperId, second_device: bool, day: Day) -> CookieId {
        let generation = (f64::from(day.0) / self.life_days) as u64 % 8;
        let plain =
            u64::from(shopper.number()) * COOKIES_PER_SHOPPER + u64::from(second_device) * 8 + generation;
        CookieId::new(((plain * self.stride) % self.all) as u32)
    }
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// Who visits, and when: what her identity is drawn from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Coming {
    pub shopper: ShopperId,
    pub key: VisitKey,
    pub day: Day,
    /// She ordered before.
    pub is_customer: bool,
    /// She followed a link in a message.
    pub by_mail: bool,
}

/// What a storefront sees of the visitor at the start of a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sighting {
    pub cookie: CookieId,
    pub customer: Option<CustomerId>,
    pub device: Device,
    pub channel: Channel,
}

/// The identity of a visit: keyed by (shopper, visit), so it is the same in every arm but for the log-in of a customer
/// who has not ordered yet there.
pub(crate) fn sighting(
    scenario: &Scenario,
    luck: &Luck,
    cookies: &Cookies,
    person: &Shopper,
    coming: Coming,
) -> Sighting {
    let Coming { shopper, key, day, is_customer, by_mail } = coming;
    let words = luck.block(DrawKey::identity(shopper, key));
    let traffic = &scenario.traffic;
    let second = person.second_device && uniform(words[0]) < SECOND_DEVICE_SHARE;
    let mobile = if second { words[1] & 1 == 1 } else { uniform(words[1]) < traffic.mobile.fraction() };
    let logged_in = by_mail || (is_customer && uniform(words[2]) < scenario.shoppers.log_in.fraction());
    let u = uniform(words[3]);
    let (paid, search) = (traffic.paid.fraction(), traffic.search.fraction());
    let channel = match u {
        _ if by_mail => Channel::Email,
        u if u < paid => Channel::Paid,
        u if u < paid + search => Channel::Search,
        u if u < paid + search + SOCIAL_SHARE => Channel::Social,
        _ => Channel::Direct,
    };
    Sighting {
        cookie: cookies.cookie(shopper, second, day),
        customer: logged_in.then(|| customer_number(shopper)),
        device: if mobile { Device::Mobile } else { Device::Desktop },
        channel,
    }
}

/// The shop's own number for somebody who showed herself. It says nothing that the shop does not know by then.
pub(crate) fn customer_number(shopper: ShopperId) -> CustomerId {
    CustomerId::new(shopper.number())
}

/// Who is behind a customer number; the world alone asks.
pub(crate) fn shopper_of(customer: CustomerId) -> ShopperId {
    ShopperId::new(customer.number())
}
