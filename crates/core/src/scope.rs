//! For which products an offer holds.

use crate::digest::Digest;
use crate::shop::ProductId;

/// A set of products, one bit each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    words: Vec<u64>,
    products: usize,
}

impl Scope {
    /// The products of a catalogue of `products` for which `holds` is true.
    #[must_use]
    pub fn of(products: usize, holds: impl Fn(ProductId) -> bool) -> Self {
        let mut words = vec![0; products.div_ceil(64)];
        for number in (0..products).filter(|&number| holds(ProductId(number as u32))) {
            words[number / 64] |= 1 << (number % 64);
        }
        Self { words, products }
    }
    /// Whether the offer holds for a product.
    #[must_use]
    #[inline]
    pub fn contains(&self, product: ProductId) -> bool {
        self.words.get(product.index() / 64).is_some_and(|word| word & (1 << (product.index() % 64)) != 0)
    }
    /// Folds the set into `digest`.
    pub fn fold_into(&self, digest: &mut Digest) {
        let Self { words, products } = self;
        digest.fold(*products as u64);
        words.iter().for_each(|&word| digest.fold(word));
    }
    /// For how many products it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }
    /// Whether it holds for none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// Whether it holds for the whole catalogue.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        self.len() == self.products
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_holds_for_its_products_and_no_other() {
        let odd = Scope::of(130, |product| product.0 % 2 == 1);
        assert!(
            odd.contains(ProductId(129)) && !odd.contains(ProductId(128)) && !odd.contains(ProductId(131))
        );
        assert_eq!((odd.len(), odd.is_empty(), odd.is_everything()), (65, false, false));
        assert!(Scope::of(3, |_| true).is_everything() && Scope::of(3, |_| false).is_empty());
    }
}
