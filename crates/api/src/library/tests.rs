//! The library in a folder of its own: shipped texts stay, copies change, faults are told at their line.
#![allow(clippy::unwrap_used)]

use super::*;
use counterfoil_scenario::shipped;

fn library() -> (tempfile::TempDir, Library) {
    let folder = tempfile::tempdir().unwrap();
    let library = Library::new(folder.path().join("scenarios"));
    (folder, library)
}

#[test]
fn shipped_texts_come_first_and_the_users_after_them() {
    let (_folder, library) = library();
    let copy = library.duplicate(TextKind::Scenario, "placebo").unwrap();
    assert_eq!((copy.name.as_str(), copy.shipped), ("placebo-copy", false));
    let names: Vec<String> = library.scenarios().unwrap().into_iter().map(|one| one.name).collect();
    assert_eq!(names[0], "fashion-web-shop");
    assert_eq!(names.last().unwrap(), "placebo-copy");
    assert_eq!(library.duplicate(TextKind::Scenario, "placebo-copy").unwrap().name, "placebo-copy-2");
}

/// Goal: a list of the library tells a copy from what it was copied from.
#[test]
fn a_copy_bears_its_own_name_and_title_and_keeps_the_comments() {
    let (_folder, library) = library();
    let copy = library.duplicate(TextKind::Scenario, "fashion-web-shop").unwrap();
    assert!(copy.errors.is_empty(), "{:?}", copy.errors);
    assert!(copy.text.contains("name = \"fashion-web-shop-copy\""));
    assert!(copy.text.contains("(copy)\""));
    let before = shipped::scenario_text("fashion-web-shop").unwrap();
    assert_eq!(copy.text.lines().count(), before.lines().count());
    let changed = copy.text.lines().zip(before.lines()).filter(|(now, then)| now != then).count();
    assert_eq!(changed, 2, "only name and title differ");
}

#[test]
fn saving_a_shipped_text_makes_a_copy_and_saving_the_copy_does_not() {
    let (_folder, library) = library();
    let text = library.read(TextKind::Policy, "batch").unwrap().text;
    let saved = library.save(TextKind::Policy, "batch", &text).unwrap();
    assert_eq!(saved.name, "batch-copy");
    let again = library.save(TextKind::Policy, "batch-copy", &format!("{text}\n# more\n")).unwrap();
    assert_eq!(again.name, "batch-copy");
    assert!(again.text.ends_with("# more\n"));
    assert_eq!(library.read(TextKind::Policy, "batch").unwrap().text, text);
}

/// Goal: a user's file under a shipped name is what that name means, and the list says so; without it all is as before.
#[test]
fn a_file_that_bears_a_shipped_name_replaces_the_shipped_text() {
    let (_folder, library) = library();
    let count = (library.names(TextKind::Scenario).len(), library.names(TextKind::Policy).len());
    let text = shipped::policy_text("batch").unwrap().replace("holdout = \"5 %\"", "holdout = \"7 %\"");
    let scenario = "format = 1\nextends = \"placebo\"\nname = \"placebo\"\nseed = 3\n";
    fs::create_dir_all(library.place(TextKind::Policy)).unwrap();
    fs::write(library.path(TextKind::Policy, "batch"), &text).unwrap();
    fs::write(library.path(TextKind::Scenario, "placebo"), scenario).unwrap();
    assert_eq!((library.names(TextKind::Scenario).len(), library.names(TextKind::Policy).len()), count);

    let policies = library.policies().unwrap();
    let batch = policies.iter().find(|one| one.name == "batch").unwrap();
    assert_eq!((batch.shipped, batch.replaces_shipped, batch.path.is_some()), (false, true, true));
    assert!(
        policies.iter().filter(|one| one.name != "batch").all(|one| one.shipped && !one.replaces_shipped)
    );
    let scenarios = library.scenarios().unwrap();
    let placebo = scenarios.iter().find(|one| one.name == "placebo").unwrap();
    assert_eq!(
        (placebo.shipped, placebo.replaces_shipped, placebo.seed, placebo.faults),
        (false, true, 3, 0)
    );
    assert_eq!(library.read(TextKind::Policy, "batch").unwrap().text, text);
    assert_eq!(library.find(TextKind::Policy, "batch").unwrap().text, text);

    let saved = library.save(TextKind::Policy, "batch", &format!("{text}# more\n")).unwrap();
    assert_eq!(
        (saved.name.as_str(), saved.shipped),
        ("batch", false),
        "the user's own file is changed in place"
    );
    library.delete(TextKind::Policy, "batch").unwrap();
    let back = library.policies().unwrap().into_iter().find(|one| one.name == "batch").unwrap();
    assert!(back.shipped && !back.replaces_shipped);
    let copy = library.duplicate(TextKind::Policy, "batch").unwrap();
    assert_eq!(copy.name, "batch-copy");
    let copied = library.policies().unwrap().pop().unwrap();
    assert_eq!((copied.shipped, copied.replaces_shipped), (false, false));
}

/// Goal: a policy is read against the scenario that runs it, also where that names it without a path.
#[test]
fn a_policy_is_checked_against_the_scenario_that_names_it() {
    let (_folder, library) = library();
    let scenario = "format = 1\nextends = \"placebo\"\nname = \"x\"\n\n[treatments.gift]\ntype = \"percent\"\ndepth = \"5 %\"\n\n\
                    [[arms]]\nname = \"mine\"\npolicy = \"mine\"\n";
    library.save(TextKind::Scenario, "x", scenario).unwrap();
    let policy =
        "format = 1\nkind = \"blanket\"\ndescription = \"A gift.\"\n\n[blanket]\ntreatment = \"gift\"\n";
    let saved = library.save(TextKind::Policy, "mine", policy).unwrap();
    assert_eq!(saved.errors, []);
    assert_eq!(library.read(TextKind::Scenario, "x").unwrap().errors, []);
    assert!(!library.validate(TextKind::Policy, "other", policy).is_empty(), "nobody else knows the gift");
}

/// Goal: an offer that can never be made is told, at the floor that forbids it and at the arm that runs it.
#[test]
fn an_offer_without_a_product_is_remarked_upon() {
    let (_folder, library) = library();
    let policy = |floor: &str| {
        format!(
            "format = 1\nkind = \"blanket\"\ndescription = \"A gift.\"\n\n[guardrails]\nmargin_floor = \"{floor}\"\n\n\
             [blanket]\ntreatment = \"discount-20\"\n"
        )
    };
    assert_eq!(library.save(TextKind::Policy, "mine", &policy("20 %")).unwrap().remarks, []);
    let saved = library.save(TextKind::Policy, "mine", &policy("80 %")).unwrap();
    assert_eq!(saved.errors, [], "it is a sound policy");
    assert_eq!((saved.remarks.len(), saved.remarks[0].line), (1, 6));
    assert!(saved.remarks[0].message.contains("discount-20 is never offered"), "{:?}", saved.remarks);
    let scenario =
        "format = 1\nextends = \"placebo\"\nname = \"x\"\n\n[[arms]]\nname = \"mine\"\npolicy = \"mine\"\n";
    let remarks = library.save(TextKind::Scenario, "x", scenario).unwrap().remarks;
    assert_eq!((remarks.len(), remarks[0].line), (1, 7));
    assert!(remarks[0].message.starts_with("policy mine: discount-20"), "{remarks:?}");
}

/// Goal: nobody loses what was typed because it is not sound yet.
#[test]
fn a_text_with_faults_is_saved_and_its_faults_stand_at_their_lines() {
    let (_folder, library) = library();
    let text = "format = 1\nextends = \"placebo\"\nname = \"x\"\nworlds = 0\n\n[shoppers]\nnonsense = 1\n";
    let saved = library.save(TextKind::Scenario, "x", text).unwrap();
    let lines: Vec<u32> = saved.errors.iter().map(|error| error.line).collect();
    assert_eq!(lines, [4, 7]);
    assert_eq!(saved.errors[0].key.as_deref(), Some("worlds"));
    let summary = library.scenarios().unwrap().pop().unwrap();
    assert_eq!((summary.name.as_str(), summary.faults, summary.shoppers), ("x", 2, 0));
    assert_eq!(library.validate(TextKind::Scenario, "x", text), saved.errors);
}

#[test]
fn a_policy_that_is_missing_or_broken_is_told_at_the_line_that_names_it() {
    let (_folder, library) = library();
    library
        .save(TextKind::Policy, "mine", "format = 1\nkind = \"blanket\"\n\n[blanket]\ntreatment = \"gift\"\n")
        .unwrap();
    for (policy, said) in
        [("nobody", "nobody"), ("policies/none-here.toml", "none-here"), ("policies/mine.toml", "gift")]
    {
        let text = format!(
            "format = 1\nextends = \"placebo\"\nname = \"x\"\n\n[[arms]]\nname = \"a\"\npolicy = \"batch\"\n\n\
             [[arms]]\nname = \"b\"\npolicy = \"{policy}\"\n"
        );
        let errors = library.save(TextKind::Scenario, "x", &text).unwrap().errors;
        assert!(
            errors.iter().any(|error| error.line == 11 && error.message.contains(said)),
            "{policy}: {errors:?}"
        );
    }
}

/// Goal: a rule that cannot be compiled is found before a run, at its line of the policy.
#[test]
fn a_rule_that_cannot_be_compiled_is_a_fault() {
    let (_folder, library) = library();
    let text = library.read(TextKind::Policy, "realtime").unwrap().text;
    assert_eq!(library.validate(TextKind::Policy, "realtime", &text), []);
    let line = text.lines().position(|line| line.contains("p_doubt > 0.25")).unwrap() as u32 + 1;
    let broken = text.replacen("p_doubt > 0.25", "p_dout > 0.25", 1);
    let errors = library.validate(TextKind::Policy, "realtime", &broken);
    assert_eq!(errors.iter().map(|error| error.line).collect::<Vec<_>>(), [line], "{errors:?}");
}

#[test]
fn only_the_users_own_texts_can_be_deleted() {
    let (_folder, library) = library();
    assert_eq!(library.delete(TextKind::Scenario, "placebo").unwrap_err().code, ErrorCode::InvalidInput);
    assert_eq!(library.delete(TextKind::Scenario, "nobody").unwrap_err().code, ErrorCode::NotFound);
    library.duplicate(TextKind::Scenario, "placebo").unwrap();
    library.delete(TextKind::Scenario, "placebo-copy").unwrap();
    assert_eq!(library.names(TextKind::Scenario), shipped::scenario_names());
}

#[test]
fn a_name_that_leaves_the_folder_is_refused() {
    let (folder, library) = library();
    for name in ["../outside", "", ".hidden", "a/b", "a\\b"] {
        assert_eq!(
            library.save(TextKind::Scenario, name, "").unwrap_err().code,
            ErrorCode::InvalidInput,
            "{name}"
        );
    }
    assert!(!folder.path().join("outside.toml").exists());
}

/// Goal: all six dials of every shipped scenario turn, land on the asked value, leave a sound text, and change one line.
#[test]
fn every_dial_of_every_shipped_scenario_turns() {
    for scenario in shipped::scenario_names() {
        let (_folder, library) = library();
        for dial in library.dials(scenario).unwrap() {
            let Some(before) = dial.value else { continue };
            let wanted = if before + dial.step <= dial.max { before + dial.step } else { before - dial.step };
            let change = library.set_dial(scenario, &dial.id, wanted).unwrap();
            let now = change.dials.iter().find(|one| one.id == dial.id).unwrap().value.unwrap();
            assert!((now - wanted).abs() < dial.step / 2.0, "{scenario} {}: {now} is not {wanted}", dial.id);
            assert!(change.changed.errors.is_empty(), "{:?}", change.changed.errors);
            let others = |dials: &[crate::dto::Dial]| -> Vec<_> {
                dials.iter().filter(|one| one.id != dial.id).map(|one| (one.id.clone(), one.value)).collect()
            };
            assert_eq!(others(&change.dials), others(&library.dials(scenario).unwrap()));
            let line = change.changed.text.lines().nth(change.line as usize - 1).unwrap();
            assert!(dial.place.contains(line.split(['=', ' ']).next().unwrap()), "{line}");
        }
    }
}

#[test]
fn dials_say_default_source_and_range_and_refuse_what_lies_outside() {
    let (_folder, library) = library();
    let dials = library.dials("fashion-web-shop").unwrap();
    assert_eq!(dials.len(), 6);
    for dial in &dials {
        assert!(dial.min <= dial.default && dial.default <= dial.max, "{dial:?}");
        assert_eq!(dial.value, Some(dial.default), "{dial:?}");
        assert!(!dial.help.is_empty() && !dial.source.is_empty(), "{dial:?}");
        for outside in [dial.min - dial.step, dial.max + dial.step, f64::NAN] {
            assert!(
                library.set_dial("fashion-web-shop", &dial.id, outside).is_err(),
                "{} {outside}",
                dial.id
            );
        }
    }
    assert_eq!(dials[1].choices[dials[1].default as usize], "Thursday");
    assert_eq!(library.set_dial("fashion-web-shop", "luck", 1.0).unwrap_err().code, ErrorCode::NotFound);
    assert_eq!(library.names(TextKind::Scenario).len(), shipped::scenario_names().len(), "nothing was saved");
}

#[test]
fn a_scenario_without_a_sale_has_no_sale_to_turn() {
    let (_folder, library) = library();
    let dials = library.dials("placebo").unwrap();
    assert_eq!((dials[0].value, dials[1].value), (None, None));
    assert_eq!(library.set_dial("placebo", "sale_day", 2.0).unwrap_err().code, ErrorCode::InvalidInput);
}

#[test]
fn the_sale_moves_to_another_day_and_stays_there() {
    let (_folder, library) = library();
    let change = library.set_dial("fashion-web-shop", "sale_day", 1.0).unwrap();
    assert_eq!(change.scenario, "fashion-web-shop-copy");
    assert!(change.changed.text.contains("weekdays = [\"tuesday\"]"));
    let again = library.set_dial("fashion-web-shop-copy", "sale_day", 4.0).unwrap();
    assert_eq!(again.scenario, "fashion-web-shop-copy");
    assert_eq!(again.dials[1].value, Some(4.0));
}
