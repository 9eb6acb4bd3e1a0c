//! Stage 2, identity: which profile is it? A cookie has a profile; a customer number has one; a log-in or order that shows
//! both makes them one. A customer may have several cookies; a cookie on which another customer logs in changes hands
//! without mixing the two.

use super::profile::Profile;
use counterfoil_core::digest::Digest;
use counterfoil_core::event::NOBODY;
use counterfoil_core::time::Time;

/// What is known of one browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cookie {
    /// Its profile, [`NOBODY`] before consent was ever given on it.
    pub profile: u32,
    /// Slot of its live session, [`NOBODY`] if none.
    pub live: u32,
}

const UNKNOWN: Cookie = Cookie { profile: NOBODY, live: NOBODY };

/// Cookies, customers and their profiles, dense by number.
#[derive(Clone, Debug, Default)]
pub struct Identity {
    cookies: Vec<Cookie>,
    customers: Vec<u32>,
    profiles: Vec<Profile>,
}

impl Identity {
    /// What is known of a cookie.
    #[must_use]
    #[inline]
    pub fn cookie(&self, cookie: u32) -> Cookie {
        self.cookies.get(cookie as usize).copied().unwrap_or(UNKNOWN)
    }
    /// The slot that belongs to a cookie, to write to.
    pub fn cookie_mut(&mut self, cookie: u32) -> &mut Cookie {
        let place = cookie as usize;
        if self.cookies.len() <= place {
            self.cookies.resize(place + 1, UNKNOWN);
        }
        &mut self.cookies[place]
    }
    /// The profile of a customer number, [`NOBODY`] if there is none.
    #[must_use]
    pub fn customer(&self, customer: u32) -> u32 {
        self.customers.get(customer as usize).copied().unwrap_or(NOBODY)
    }
    /// The profile with this number, or the one it was merged into.
    #[must_use]
    #[inline]
    pub fn resolve(&self, mut profile: u32) -> u32 {
        while self.profiles[profile as usize].merged_into != NOBODY {
            profile = self.profiles[profile as usize].merged_into;
        }
        profile
    }
    /// One profile.
    #[must_use]
    #[inline]
    pub fn profile(&self, profile: u32) -> &Profile {
        &self.profiles[profile as usize]
    }
    /// One profile, to write to.
    #[inline]
    pub fn profile_mut(&mut self, profile: u32) -> &mut Profile {
        &mut self.profiles[profile as usize]
    }
    /// All profiles, merged ones included.
    #[must_use]
    pub fn profiles(&self) -> &[Profile] {
        &self.profiles
    }

    /// The profile of a visitor, made if there is none. Only for visitors who consented.
    pub fn profile_for(&mut self, cookie: u32, customer: u32, at: Time, half_life_days: f64) -> u32 {
        if cookie == NOBODY {
            return if customer == NOBODY { self.fresh(NOBODY, at) } else { self.of_customer(customer, at) };
        }
        if self.cookie(cookie).profile == NOBODY {
            let profile =
                if customer == NOBODY { self.fresh(NOBODY, at) } else { self.of_customer(customer, at) };
            self.cookie_mut(cookie).profile = profile;
            return profile;
        }
        if customer == NOBODY {
            return self.cookie(cookie).profile;
        }
        self.link(cookie, customer, at, half_life_days)
    }

    /// The profile of a visitor without making one or changing anything.
    #[must_use]
    pub fn find(&self, cookie: u32, customer: u32) -> Option<u32> {
        let known = if customer == NOBODY { NOBODY } else { self.customer(customer) };
        let found = if known == NOBODY && cookie != NOBODY { self.cookie(cookie).profile } else { known };
        (found != NOBODY).then_some(found)
    }

    /// A customer number has shown itself on a cookie that has a profile.
    fn link(&mut self, cookie: u32, customer: u32, at: Time, half_life_days: f64) -> u32 {
        let here = self.cookie(cookie).profile;
        let owner = self.profiles[here as usize].customer;
        if owner == customer {
            return here;
        }
        let known = self.customer(customer);
        let profile = match (owner == NOBODY, known == NOBODY) {
            (true, true) => {
                self.claim(customer, here);
                here
            }
            (true, false) => {
                self.merge(here, known, half_life_days);
                known
            }
            (false, _) => self.of_customer(customer, at),
        };
        self.cookie_mut(cookie).profile = profile;
        profile
    }

    /// Folds every living profile into `digest`.
    pub fn fold_into(&self, digest: &mut Digest) {
        for (number, profile) in self.profiles.iter().enumerate() {
            if profile.merged_into == NOBODY {
                digest.fold(number as u64);
                profile.fold_into(digest);
            }
        }
    }

    fn merge(&mut self, from: u32, into: u32, half_life_days: f64) {
        let anonymous = std::mem::take(&mut self.profiles[from as usize]);
        self.profiles[from as usize].merged_into = into;
        self.profiles[into as usize].absorb(anonymous, half_life_days);
    }

    fn of_customer(&mut self, customer: u32, at: Time) -> u32 {
        if self.customer(customer) == NOBODY {
            let profile = self.fresh(customer, at);
            self.claim(customer, profile);
        }
        self.customer(customer)
    }

    fn claim(&mut self, customer: u32, profile: u32) {
        let place = customer as usize;
        if self.customers.len() <= place {
            self.customers.resize(place + 1, NOBODY);
        }
        self.customers[place] = profile;
        self.profiles[profile as usize].customer = customer;
    }

    fn fresh(&mut self, customer: u32, at: Time) -> u32 {
        self.profiles.push(Profile { customer, decayed_at: at, ..Profile::default() });
        (self.profiles.len() - 1) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Time = Time(0);

    #[test]
    fn a_log_in_merges_and_several_cookies_share_one_profile() {
        let mut identity = Identity::default();
        let phone = identity.profile_for(3, NOBODY, AT, 30.0);
        identity.profile_mut(phone).orders = 2;
        assert_eq!(
            identity.profile_for(3, 7, AT, 30.0),
            phone,
            "the first cookie's profile becomes the customer's"
        );
        let laptop = identity.profile_for(9, NOBODY, AT, 30.0);
        identity.profile_mut(laptop).orders = 1;
        assert_ne!(laptop, phone);
        assert_eq!(identity.profile_for(9, 7, AT, 30.0), phone);
        assert_eq!(identity.resolve(laptop), phone);
        assert_eq!(identity.profile(phone).orders, 3);
        assert_eq!(identity.profile_for(9, NOBODY, AT, 30.0), phone, "the cookie stays with the customer");
    }

    #[test]
    fn another_customer_on_the_same_cookie_mixes_nothing() {
        let mut identity = Identity::default();
        let first = identity.profile_for(1, 5, AT, 30.0);
        identity.profile_mut(first).orders = 4;
        let second = identity.profile_for(1, 6, AT, 30.0);
        assert_ne!(first, second);
        assert_eq!(identity.profile(second).orders, 0);
        assert_eq!(identity.find(1, NOBODY), Some(second));
        assert_eq!(identity.find(NOBODY, 5), Some(first));
    }
}
