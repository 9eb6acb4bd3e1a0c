//! Where on the way to an order she weighs.

/// How much of the way to an order lies behind her: later nodes bring news.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Node {
    /// On the product page; shipping is anticipated in part.
    Product,
    /// With the product in the cart.
    Cart,
    /// The shipping fee is known.
    Shipping,
    /// The ways to pay are known.
    Payment,
}
