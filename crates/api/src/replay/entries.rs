//! Events of one shopper in one arm as entries of a time line.

use counterfoil_core::event::{Channel, Device, Event, EventKind, FilterBy, Page, Topic};
use counterfoil_core::facts::{OrderFact, VisitEnd, VisitFact};
use counterfoil_core::ids::DecisionNumber;
use counterfoil_core::money::Money;
use counterfoil_core::shop::ProductId;
use counterfoil_core::time::Time;
use counterfoil_core::treatment::TreatmentId;
use counterfoil_run::record::{Answered, Note};

use super::ShopWords;
use super::decisions::{decision_of, says_something};
use crate::dto::{EntryKind, ReplayDecision, ReplayEntry};

/// Puts notes into words, one after the other.
pub(super) struct StoryWriter<'a> {
    shop_words: &'a ShopWords,
    visits: &'a [VisitFact],
    orders: &'a [OrderFact],
    entries: Vec<ReplayEntry>,
    decisions: Vec<ReplayDecision>,
    /// Number of each decision within the arm, in the order of `decisions`.
    numbers: Vec<DecisionNumber>,
    session_started: Option<Time>,
}

/// What an entry says.
struct Said {
    kind: EntryKind,
    text: String,
    money: Option<f64>,
}

impl Said {
    fn new(kind: EntryKind, text: impl Into<String>) -> Option<Self> {
        Some(Self { kind, text: text.into(), money: None })
    }
}

impl<'a> StoryWriter<'a> {
    pub(super) fn new(shop_words: &'a ShopWords, visits: &'a [VisitFact], orders: &'a [OrderFact]) -> Self {
        Self {
            shop_words,
            visits,
            orders,
            entries: Vec::new(),
            decisions: Vec::new(),
            numbers: Vec::new(),
            session_started: None,
        }
    }

    pub(super) fn finish(mut self) -> (Vec<ReplayEntry>, Vec<ReplayDecision>) {
        self.entries.sort_by_key(|entry| entry.time_ms);
        (self.entries, self.decisions)
    }

    pub(super) fn note(&mut self, note: &Note) {
        match note {
            Note::Event(event) if event.at >= self.shop_words.start().start() => self.event(event),
            Note::Event(_) => {}
            Note::Decision(noted) => {
                let Answered { ask, decision, delay_ms, in_time, .. } = &**noted;
                if !says_something(decision) {
                    return;
                }
                let told = decision_of(self.shop_words, ask, decision, *delay_ms, *in_time);
                let shown = told.winner.is_some();
                let text = format!("nothing shown: {}", told.sentence);
                self.decisions.push(told);
                self.numbers.push(ask.number);
                // What was shown comes as an event of its own and points back here.
                if !shown {
                    let index = (self.decisions.len() - 1) as u32;
                    self.push(ask.at, Said { kind: EntryKind::Decision, text, money: None }, Some(index));
                }
            }
        }
    }

    fn event(&mut self, event: &Event) {
        let decision = match event.kind {
            EventKind::TreatmentShown { decision, .. } => {
                self.numbers.iter().rposition(|number| *number == decision).map(|index| index as u32)
            }
            _ => None,
        };
        if let Some(said) = self.said(event) {
            self.push(event.at, said, decision);
        }
    }

    fn push(&mut self, at: Time, said: Said, decision: Option<u32>) {
        self.entries.push(ReplayEntry {
            time_ms: self.shop_words.since_start(at),
            day: self.shop_words.day(at),
            clock: self.shop_words.clock(at),
            kind: said.kind,
            text: said.text,
            money: said.money,
            decision,
            differs: false,
        });
    }

    /// The event in words; `None` where nobody would miss it.
    fn said(&mut self, event: &Event) -> Option<Said> {
        let shop_words = self.shop_words;
        match event.kind {
            EventKind::SessionStarted { channel, device, .. } => {
                self.session_started = Some(event.at);
                Said::new(EntryKind::Visit, format!("comes {}, {}", by(channel), on(device)))
            }
            EventKind::SessionEnded => {
                let (kind, text) = self.ending()?;
                Said::new(kind, text)
            }
            EventKind::CartAdded { product, quantity, price } => {
                let text = format!(
                    "puts {quantity} × {} into the cart, {}",
                    shop_words.product(product),
                    shop_words.money(price)
                );
                Said::new(EntryKind::Cart, text)
            }
            EventKind::OrderPlaced { order, goods, reward, offer, sale, .. } => {
                Some(self.order(order.number(), goods - reward, offer, sale))
            }
            EventKind::OrderReturned { loss, .. } => {
                let money = Some(-shop_words.major(loss).abs());
                Some(Said { kind: EntryKind::Return, text: "sends it back".to_owned(), money })
            }
            EventKind::TreatmentShown { treatment, .. } => {
                Said::new(EntryKind::Treatment, format!("sees {}", shop_words.treatment(treatment)))
            }
            EventKind::MessageSent { treatment, .. } => {
                let inside = treatment.map_or("the sale".to_owned(), |id| shop_words.treatment(id));
                Said::new(EntryKind::Message, format!("gets a mail: {inside}"))
            }
            EventKind::MessageOpened { .. } => Said::new(EntryKind::Message, "opens the mail"),
            EventKind::MessageClicked { .. } => Said::new(EntryKind::Message, "follows the link"),
            other => page(shop_words, &other).or_else(|| checkout(shop_words, &other)),
        }
    }

    fn order(&self, number: u32, paid: Money, offer: Option<TreatmentId>, sale: bool) -> Said {
        let order = self.orders.iter().find(|order| order.order == number);
        let what =
            order.map_or("something".to_owned(), |order| self.shop_words.product(ProductId(order.product)));
        let with = match offer {
            Some(_) if sale => " in the sale".to_owned(),
            Some(id) => format!(" with {}", self.shop_words.treatment(id)),
            None => " at full price".to_owned(),
        };
        let text = format!("buys {what}{with}, {}", self.shop_words.money(paid));
        Said { kind: EntryKind::Order, text, money: Some(self.shop_words.major(paid)) }
    }

    /// How the visit ended, if its end is not an entry already.
    fn ending(&mut self) -> Option<(EntryKind, &'static str)> {
        let started = self.session_started.take();
        let visit = self.visits.iter().find(|visit| Some(visit.at) == started);
        ending(visit.map(|visit| visit.end))
    }
}

/// The end of a visit in words; `None` after an order.
pub(super) fn ending(end: Option<VisitEnd>) -> Option<(EntryKind, &'static str)> {
    match end {
        Some(VisitEnd::Ordered) => None,
        Some(VisitEnd::Waited) => Some((EntryKind::Wait, "leaves to wait for a deal")),
        Some(VisitEnd::Fished) => Some((EntryKind::Wait, "leaves the cart on purpose, hoping for an offer")),
        Some(VisitEnd::Abandoned) => Some((EntryKind::Leave, "leaves with something in the cart")),
        Some(VisitEnd::Bounced) => Some((EntryKind::Leave, "leaves after one page")),
        Some(VisitEnd::Left) | None => Some((EntryKind::Leave, "leaves")),
    }
}

fn by(channel: Channel) -> &'static str {
    match channel {
        Channel::Direct => "directly",
        Channel::Search => "from a search",
        Channel::Paid => "from an advertisement",
        Channel::Email => "from a mail",
        Channel::Social => "from social media",
    }
}

fn on(device: Device) -> &'static str {
    match device {
        Device::Mobile => "on the phone",
        Device::Desktop => "on a computer",
    }
}

fn page(shop_words: &ShopWords, kind: &EventKind) -> Option<Said> {
    let text = match *kind {
        EventKind::PageViewed(Page::Home) => "opens the home page".to_owned(),
        EventKind::PageViewed(Page::Category) => "opens a category".to_owned(),
        EventKind::PageViewed(Page::Sale) => "opens the sale".to_owned(),
        EventKind::Searched => "searches".to_owned(),
        EventKind::Filtered(FilterBy::Attribute) => "narrows the list".to_owned(),
        EventKind::Filtered(FilterBy::Price) => "sorts by price".to_owned(),
        EventKind::ProductViewed { product, price } => {
            format!("looks at {}, {}", shop_words.product(product), shop_words.money(price))
        }
        EventKind::InfoViewed(topic) => format!("reads about {}", about(topic)),
        EventKind::Compared(product) => format!("compares with {}", shop_words.product(product)),
        EventKind::Wishlisted(product) => format!("saves {} for later", shop_words.product(product)),
        EventKind::ExitIntent => "is about to leave".to_owned(),
        EventKind::Stalled => "hesitates".to_owned(),
        EventKind::Identified { .. } => "logs in".to_owned(),
        _ => return None,
    };
    Said::new(EntryKind::Page, text)
}

fn about(topic: Topic) -> &'static str {
    match topic {
        Topic::Reviews => "what others say",
        Topic::Size => "sizes",
        Topic::Shipping => "delivery",
        Topic::Returns => "returns",
        Topic::Payment => "ways to pay",
    }
}

fn checkout(shop_words: &ShopWords, kind: &EventKind) -> Option<Said> {
    let text = match *kind {
        EventKind::CartViewed { goods } => format!("looks at the cart, {}", shop_words.money(goods)),
        EventKind::CheckoutStarted => "goes to checkout".to_owned(),
        EventKind::ShippingShown { fee } if fee == Money::ZERO => "sees that delivery is free".to_owned(),
        EventKind::ShippingShown { fee } => format!("sees the fee for delivery, {}", shop_words.money(fee)),
        EventKind::CouponFieldFocused => "looks for a coupon".to_owned(),
        EventKind::PaymentFailed => "fails to pay".to_owned(),
        _ => return None,
    };
    Said::new(EntryKind::Cart, text)
}
