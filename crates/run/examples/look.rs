//! tmp
#![allow(warnings, clippy::all)]
use counterfoil_core::metrics::METRICS;
use counterfoil_run::*;
use counterfoil_scenario::*;
use std::sync::Arc;
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let name = &a[1];
    let n: i64 = a[2].parse().unwrap();
    let worlds: u32 = a[3].parse().unwrap();
    let load = |n: &str| shipped::scenario_text(n).map(str::to_owned);
    let ov =
        Overrides { shoppers: Some(n), seed: a.get(4).map(|s| s.parse().unwrap()), ..Default::default() };
    let text = if name.ends_with(".toml") {
        std::fs::read_to_string(name).unwrap()
    } else {
        shipped::scenario_text(name).unwrap().to_string()
    };
    let r = parse_scenario(&text, name, &ov, &load).unwrap_or_else(|p| {
        for x in p {
            eprintln!("{x}")
        }
        panic!()
    });
    let sc = r.scenario;
    let cur = Currency { code: sc.currency.clone(), decimals: sc.currency_decimals };
    let pol = |n: &str| {
        let t = std::fs::read_to_string(format!("scenarios/policies/{n}.toml")).unwrap();
        Arc::new(for_scenario(
            parse_policy(&t, n, n, &sc.treatments, &cur).unwrap_or_else(|p| {
                for x in p {
                    eprintln!("{x}")
                }
                panic!()
            }),
            &sc,
        ))
    };
    let mut arms = vec![Arm::new("control", pol("none"))];
    if let Some(i) = &sc.incumbent {
        arms.push(Arm::new("status-quo", pol(i)));
    }
    for x in &sc.arms {
        arms.push(Arm::new(x.name.clone(), pol(&x.policy)));
    }
    let incumbent = sc.incumbent.as_ref().map(|i| pol(i));
    let plan = Plan { incumbent, arms, keep: Keep::Visits, scenario: Arc::new(sc) };
    let ws: Vec<u32> = (0..worlds).collect();
    let mut units = vec![];
    let cancel = std::sync::atomic::AtomicBool::new(false);
    let t = std::time::Instant::now();
    let sp = parallel::run_worlds::<()>(&plan, &ws, 2, (None, &cancel), &|_| (), |u| {
        units.push(u);
        Ok(())
    })
    .unwrap();
    let el = t.elapsed().as_secs_f64();
    units.sort_by_key(|u| u.world);
    println!(
        "{el:.2}s events {} sessions {} decisions {} ns/event(1 thread eq) {:.0}",
        sp.events,
        sp.sessions,
        sp.decisions,
        el * 2e9 / sp.events as f64
    );
    print!("{:32}", "");
    for x in &plan.arms {
        print!("{:>14}", x.name)
    }
    println!();
    for m in METRICS {
        print!("{:32}", m.name);
        for i in 0..plan.arms.len() {
            let v: Vec<f64> = units.iter().filter_map(|u| m.value(&u.arms[i].totals, 100.0)).collect();
            if v.is_empty() {
                print!("{:>14}", "null")
            } else {
                print!("{:>14.5}", v.iter().sum::<f64>() / v.len() as f64)
            }
        }
        println!();
    }
    for i in 0..plan.arms.len() {
        let mut n = [0i64; 6];
        let mut b = [0i64; 9];
        for u in &units {
            for k in 0..6 {
                n[k] += u.arms[i].truth.needs[k]
            }
            for k in 0..9 {
                b[k] += u.arms[i].truth.bridge[k]
            }
        }
        println!("{} needs {:?} bridge {:?}", plan.arms[i].name, n, b.map(|x| x / 100));
        let mut w: Vec<(i64, i64)> = vec![(0, 0); 12];
        for u in &units {
            for (k, p) in u.arms[i].probe_weeks.iter().enumerate() {
                w[k].0 += p.as_is;
                w[k].1 += p.reset;
            }
        }
        println!("  probe {:?}", w);
        let mut sh = std::collections::BTreeMap::new();
        for u in &units {
            for d in &u.arms[i].decisions {
                *sh.entry((
                    d.shown.map(|t| plan.scenario.treatments[t.index()].name.clone()),
                    d.reason.name(),
                ))
                .or_insert(0) += 1;
            }
        }
        println!("  decisions {:?}", sh);
        let mut q = std::collections::BTreeMap::new();
        for u in &units {
            for d in &u.arms[i].quiet_decisions {
                *q.entry(d.reason.name()).or_insert(0) += d.count;
            }
        }
        println!("  quiet {:?}", q);
    }
    let l: Vec<_> =
        units.iter().flat_map(|u| u.arms.iter().map(|a| (a.arm.clone(), u.world, a.digest))).collect();
    println!("hash {}", hash::result_hash(&l));
    for i in 0..plan.arms.len() {
        println!(
            "{} {}",
            plan.arms[i].name,
            hash::orders_hash(&units.iter().map(|u| (u.world, u.arms[i].orders_digest)).collect::<Vec<_>>())
        );
    }
}
