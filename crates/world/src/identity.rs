//! Devices, cookies and log-in of a visit: what the storefront can know about who is there.

use crate::town::World;
use counterfoil_core::event::{Channel, Device, NOBODY};
use counterfoil_core::luck::{Purpose, uniform};

/// Cookies that one shopper can have over a run: 2 devices x 8 generations.
const COOKIES_PER_SHOPPER: u64 = 16;

/// What a storefront sees of the visitor at the start of a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// Cookie number.
    pub cookie: u32,
    /// Customer number, or [`NOBODY`].
    pub customer: u32,
    /// Device.
    pub device: Device,
    /// Channel.
    pub channel: Channel,
}

/// The identity of a visit: keyed by (shopper, visit), so it is the same in every arm but for the log-in of a customer
/// who has not ordered yet there.
pub fn sighting(world: &World, shopper: u32, key: u32, day: u32, orders: u32, by_mail: bool) -> Sighting {
    let words = world.luck.block(Purpose::Identity, [shopper, key, 0]);
    let traffic = &world.scenario.traffic;
    let person = &world.people[shopper as usize];
    let second = person.second_device && uniform(words[0]) < 0.5;
    let mobile = if second { words[1] & 1 == 1 } else { uniform(words[1]) < traffic.mobile.fraction() };
    let logged_in = by_mail || (orders > 0 && uniform(words[2]) < world.scenario.shoppers.log_in.fraction());
    let u = uniform(words[3]);
    let (paid, search) = (traffic.paid.fraction(), traffic.search.fraction());
    let channel = match u {
        _ if by_mail => Channel::Email,
        u if u < paid => Channel::Paid,
        u if u < paid + search => Channel::Search,
        u if u < paid + search + 0.05 => Channel::Social,
        _ => Channel::Direct,
    };
    Sighting {
        cookie: cookie(world, shopper, second, day),
        customer: if logged_in { shopper } else { NOBODY },
        device: if mobile { Device::Mobile } else { Device::Desktop },
        channel,
    }
}

/// Cookie numbers are dense but scattered over the shoppers, so that a policy cannot read one from the other.
fn cookie(world: &World, shopper: u32, second: bool, day: u32) -> u32 {
    let generation = (f64::from(day) / world.scenario.shoppers.cookie_life_days.max(1.0)) as u64 % 8;
    let plain = u64::from(shopper) * COOKIES_PER_SHOPPER + u64::from(second) * 8 + generation;
    let all = u64::from(world.scenario.shoppers.count) * COOKIES_PER_SHOPPER;
    ((plain * world.cookie_stride) % all) as u32
}

/// A stride that is coprime to the number of cookies.
pub fn cookie_stride(shoppers: u32, word: u32) -> u64 {
    let all = u64::from(shoppers) * COOKIES_PER_SHOPPER;
    let mut stride = (u64::from(word) % all) | 1;
    while gcd(stride, all) != 1 {
        stride += 2;
    }
    stride
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}
