//! Minds and fates folded as before.
use crate::arm::ArmState;
use counterfoil_core::digest::Digest;
use counterfoil_core::ids::OrderNumber;

impl ArmState {
    /// Folds minds and fates into `digest`.
    pub fn fold_into(&self, digest: &mut Digest) {
        for mind in &self.minds {
            mind.sales
                .0
                .iter()
                .chain([&mind.deals.at_visit, &mind.deals.on_hesitation])
                .for_each(|b| digest.fold(u64::from(b.depth.to_bits())));
            digest.fold(u64::from(mind.stimulus.0.to_bits()) << 32 | mind.stock.0.len() as u64);
            digest.fold(mind.wallet.0.map_or(0, |held| u64::from(held.offer.number()) + 1));
            digest.fold(u64::from(mind.fatigue.0.to_bits()) << 32 | u64::from(mind.trust.0.to_bits()));
            digest.fold(
                u64::from(mind.deals.at_visit.chance.to_bits()) << 32
                    | u64::from(mind.deals.on_hesitation.chance.to_bits()),
            );
            digest.fold(u64::from(mind.loyalty.level.to_bits()) << 32 | u64::from(mind.loyalty.orders));
            let calendar =
                mind.sales.0.iter().fold(0_u64, |sum, b| sum.rotate_left(9) ^ u64::from(b.chance.to_bits()));
            let prices =
                mind.reference.0.iter().fold(0_u64, |sum, r| sum.rotate_left(5) ^ u64::from(r.to_bits()));
            digest.fold(calendar ^ prices.rotate_left(32));
        }
        for state in &self.fates.states {
            let flags =
                u64::from(state.waited) | u64::from(state.fished) << 1 | u64::from(state.in_cart) << 2;
            digest.fold(state.fate as u64 | flags << 8 | u64::from(OrderNumber::word(state.order)) << 16);
            digest.fold(state.expects.map_or(0, |day| u64::from(day.0)));
            let earned = state.earned;
            [earned.goods_margin, earned.reward, earned.logistics]
                .iter()
                .for_each(|money| digest.fold_signed(money.0));
        }
    }
}
