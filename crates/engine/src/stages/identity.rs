//! Stage 2, identity: which profile is it? A cookie has a profile; a customer number has one; a log-in or order that shows
//! both makes them one. A customer may have several cookies; a cookie on which another customer logs in changes hands
//! without mixing the two.

use super::profile::Profile;
use crate::ids::{ProfileNumber, Slot};
use counterfoil_core::digest::Digest;
use counterfoil_core::time::Time;
use counterfoil_core::{CookieId, CustomerId};
use counterfoil_till::entry_mut;

/// What is known of one browser.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cookie {
    /// Its profile, none before consent was ever given on it.
    pub profile: Option<ProfileNumber>,
    /// Slot of its live session, if there is one.
    pub live: Option<Slot>,
}

/// Cookies, customers and their profiles, dense by number.
#[derive(Clone, Debug, Default)]
pub struct Identity {
    cookies: Vec<Cookie>,
    customers: Vec<Option<ProfileNumber>>,
    profiles: Vec<Profile>,
}

impl Identity {
    /// What is known of a cookie.
    #[must_use]
    #[inline]
    pub fn cookie(&self, cookie: CookieId) -> Cookie {
        self.cookies.get(cookie.index()).copied().unwrap_or_default()
    }
    /// What is known of a cookie, to write to.
    pub fn cookie_mut(&mut self, cookie: CookieId) -> &mut Cookie {
        entry_mut(&mut self.cookies, cookie.index(), Cookie::default())
    }
    /// The profile of a customer, if there is one.
    #[must_use]
    pub fn customer(&self, customer: CustomerId) -> Option<ProfileNumber> {
        self.customers.get(customer.index()).copied().flatten()
    }
    /// The profile with this number, or the one it was merged into.
    #[must_use]
    #[inline]
    pub fn resolve(&self, mut profile: ProfileNumber) -> ProfileNumber {
        while let Some(into) = self.profile(profile).merged_into {
            profile = into;
        }
        profile
    }
    /// One profile.
    #[must_use]
    #[inline]
    pub fn profile(&self, profile: ProfileNumber) -> &Profile {
        &self.profiles[profile.index()]
    }
    /// One profile, to write to.
    #[inline]
    pub fn profile_mut(&mut self, profile: ProfileNumber) -> &mut Profile {
        &mut self.profiles[profile.index()]
    }
    /// All profiles, merged ones included.
    #[must_use]
    pub fn profiles(&self) -> &[Profile] {
        &self.profiles
    }

    /// The profile of a visitor, made if there is none. Only for visitors who consented.
    pub fn profile_for(
        &mut self,
        cookie: Option<CookieId>,
        customer: Option<CustomerId>,
        at: Time,
        half_life_days: f64,
    ) -> ProfileNumber {
        let here = cookie.and_then(|cookie| self.cookie(cookie).profile);
        let profile = match (here, customer) {
            (None, None) => self.fresh(None, at),
            (None, Some(customer)) => self.of_customer(customer, at),
            (Some(here), None) => here,
            (Some(here), Some(customer)) => self.link(here, customer, at, half_life_days),
        };
        if let Some(cookie) = cookie
            && here != Some(profile)
        {
            self.cookie_mut(cookie).profile = Some(profile);
        }
        profile
    }

    /// The profile of a visitor without making one or changing anything.
    #[must_use]
    pub fn find(&self, cookie: Option<CookieId>, customer: Option<CustomerId>) -> Option<ProfileNumber> {
        let known = customer.and_then(|customer| self.customer(customer));
        known.or_else(|| self.cookie(cookie?).profile)
    }

    /// A customer number has shown itself on a cookie whose profile is `here`: the profile of that customer.
    fn link(
        &mut self,
        here: ProfileNumber,
        customer: CustomerId,
        at: Time,
        half_life_days: f64,
    ) -> ProfileNumber {
        match (self.profile(here).customer, self.customer(customer)) {
            (Some(owner), _) if owner == customer => here,
            (Some(_), _) => self.of_customer(customer, at),
            (None, Some(known)) => {
                self.merge(here, known, half_life_days);
                known
            }
            (None, None) => {
                self.claim(customer, here);
                here
            }
        }
    }

    /// Folds every living profile into `digest`.
    pub fn fold_into(&self, digest: &mut Digest) {
        for (number, profile) in self.profiles.iter().enumerate() {
            if profile.merged_into.is_none() {
                digest.fold(number as u64);
                profile.fold_into(digest);
            }
        }
    }

    fn merge(&mut self, from: ProfileNumber, into: ProfileNumber, half_life_days: f64) {
        let anonymous = std::mem::take(self.profile_mut(from));
        self.profile_mut(from).merged_into = Some(into);
        self.profile_mut(into).absorb(anonymous, half_life_days);
    }

    fn of_customer(&mut self, customer: CustomerId, at: Time) -> ProfileNumber {
        self.customer(customer).unwrap_or_else(|| {
            let profile = self.fresh(Some(customer), at);
            self.claim(customer, profile);
            profile
        })
    }

    fn claim(&mut self, customer: CustomerId, profile: ProfileNumber) {
        *entry_mut(&mut self.customers, customer.index(), None) = Some(profile);
        self.profile_mut(profile).customer = Some(customer);
    }

    fn fresh(&mut self, customer: Option<CustomerId>, at: Time) -> ProfileNumber {
        self.profiles.push(Profile { customer, decayed_at: at, ..Profile::default() });
        ProfileNumber::at(self.profiles.len() - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Time = Time(0);

    fn profile_for(identity: &mut Identity, cookie: u32, customer: Option<u32>) -> ProfileNumber {
        identity.profile_for(Some(CookieId::new(cookie)), customer.map(CustomerId::new), AT, 30.0)
    }

    #[test]
    fn a_log_in_merges_and_several_cookies_share_one_profile() {
        let mut identity = Identity::default();
        let phone = profile_for(&mut identity, 3, None);
        identity.profile_mut(phone).orders = 2;
        assert_eq!(
            profile_for(&mut identity, 3, Some(7)),
            phone,
            "the first cookie's profile becomes the customer's"
        );
        let laptop = profile_for(&mut identity, 9, None);
        identity.profile_mut(laptop).orders = 1;
        assert_ne!(laptop, phone);
        assert_eq!(profile_for(&mut identity, 9, Some(7)), phone);
        assert_eq!(identity.resolve(laptop), phone);
        assert_eq!(identity.profile(phone).orders, 3);
        assert_eq!(profile_for(&mut identity, 9, None), phone, "the cookie stays with the customer");
    }

    #[test]
    fn another_customer_on_the_same_cookie_mixes_nothing() {
        let mut identity = Identity::default();
        let first = profile_for(&mut identity, 1, Some(5));
        identity.profile_mut(first).orders = 4;
        let second = profile_for(&mut identity, 1, Some(6));
        assert_ne!(first, second);
        assert_eq!(identity.profile(second).orders, 0);
        assert_eq!(identity.find(Some(CookieId::new(1)), None), Some(second));
        assert_eq!(identity.find(None, Some(CustomerId::new(5))), Some(first));
    }

    /// Goal: "none" costs nothing in the tables that have an entry for everybody.
    #[test]
    fn a_cookie_takes_eight_bytes() {
        assert_eq!((size_of::<Cookie>(), size_of::<Option<ProfileNumber>>()), (8, 4));
    }
}
