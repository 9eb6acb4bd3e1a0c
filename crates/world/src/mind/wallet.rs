//! The wallet: a personal offer that she may still redeem. Offers do not pile up.

use crate::mechanism::Mechanism;
use counterfoil_core::digest::Digest;
use counterfoil_core::ids::OfferNumber;
use counterfoil_core::time::Time;
use counterfoil_core::treatment::TreatmentId;
use counterfoil_scenario::model::Scenario;

/// A personal offer that she holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WalletOffer {
    /// Which treatment.
    pub treatment: TreatmentId,
    /// Redeemable until.
    pub until: Time,
    /// Which offer of the ledger.
    pub offer: OfferNumber,
}

/// What she holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Wallet(pub Option<WalletOffer>);

impl Wallet {
    /// Puts an offer in, and takes out the one that was there.
    pub(crate) fn put(&mut self, offer: WalletOffer) -> Option<WalletOffer> {
        self.0.replace(offer)
    }

    pub(crate) fn take(&mut self) -> Option<WalletOffer> {
        self.0.take()
    }

    pub(crate) fn holds(&self, offer: OfferNumber) -> bool {
        self.0.is_some_and(|held| held.offer == offer)
    }
}

impl Mechanism for Wallet {
    type Fading = ();

    fn fading(_scenario: &Scenario, _days: u32) {}

    fn fold_into(&self, digest: &mut Digest) {
        let Self(held) = self;
        let (number, treatment, until) = match held {
            None => (None, 0, 0),
            Some(WalletOffer { treatment, until, offer }) => (Some(*offer), treatment.0, until.0),
        };
        digest.fold(u64::from(OfferNumber::word(number)) << 8 | u64::from(treatment));
        digest.fold_signed(until);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offers_do_not_pile_up() {
        let offer = |number| WalletOffer {
            treatment: TreatmentId(1),
            until: Time(9),
            offer: OfferNumber::new(number),
        };
        let mut wallet = Wallet::default();
        assert_eq!(wallet.put(offer(1)), None);
        assert_eq!(wallet.put(offer(2)), Some(offer(1)));
        assert!(wallet.holds(OfferNumber::new(2)) && !wallet.holds(OfferNumber::new(1)));
        assert_eq!((wallet.take(), wallet.take()), (Some(offer(2)), None));
    }
}
