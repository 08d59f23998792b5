//! Vectors of tiny protocols: the cases of the generator's own tests, and types written out here.

use super::vector::Vector;
use super::vectors;
use rpcsmith::Inputs;
use rpcsmith::ir::{
    Doc, Field, IntRange, Meta, Name, Origin, Presence, Protocol, Stability, Struct, Type, TypeDef, TypeId, TypeKind,
    Usage,
};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;

fn load(case: &Path) -> Protocol {
    let inputs = Inputs { schema: case.to_owned(), profile: case.join("profile.toml"), lenient: false };
    rpcsmith::load(&inputs).unwrap_or_else(|problems| panic!("{problems}")).0
}

fn cases() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/cases")
}

/// The vectors of one type of a case.
fn of(case: &str, ty: &str) -> Vec<Vector> {
    vectors(&load(&cases().join(case))).into_iter().filter(|vector| vector.ty == ty).collect()
}

#[track_caller]
fn one<'v>(vectors: &'v [Vector], case: &str) -> &'v Vector {
    let names: Vec<&str> = vectors.iter().map(|vector| vector.case.as_str()).collect();
    vectors.iter().find(|vector| vector.case == case).unwrap_or_else(|| panic!("no {case:?} among {names:?}"))
}

/// A valid vector that has `message`.
#[track_caller]
fn taken<'v>(vectors: &'v [Vector], message: &Value) -> &'v Vector {
    let found = vectors.iter().find(|vector| vector.valid && vector.message == *message);
    found.unwrap_or_else(|| panic!("{message} is not among the valid vectors"))
}

/// Asserts that `message` is to be rejected, and where.
#[track_caller]
fn rejected(vectors: &[Vector], message: &Value, path: &str) {
    let found = vectors.iter().find(|vector| !vector.valid && vector.message == *message);
    let found = found.unwrap_or_else(|| panic!("{message} is not among the invalid vectors"));
    assert_eq!(found.path.as_deref(), Some(path), "{message}");
}

#[test]
fn every_type_of_every_tiny_protocol_has_vectors_of_distinct_names() {
    let folders = cases().read_dir().unwrap().map(|entry| entry.unwrap().path());
    for folder in folders.filter(|path| !path.file_name().unwrap().to_string_lossy().starts_with("bad-")) {
        let protocol = load(&folder);
        let vectors = vectors(&protocol);
        let types: BTreeSet<&str> = vectors.iter().map(|vector| vector.ty.as_str()).collect();
        assert_eq!(types.len(), protocol.types.defs.len(), "{}", folder.display());
        let names: BTreeSet<(&str, &str)> = vectors.iter().map(|one| (one.ty.as_str(), one.case.as_str())).collect();
        assert_eq!(names.len(), vectors.len(), "{}", folder.display());
        for vector in &vectors {
            assert_eq!(vector.valid, vector.path.is_none(), "{} {}", vector.ty, vector.case);
        }
        assert_eq!(super::vectors(&protocol), vectors, "not the same twice: {}", folder.display());
    }
}

#[test]
fn presence_and_nullability_in_all_combinations() {
    let vectors = of("presence", "ThingUpdateParams");
    let base = json!({"id": "", "sectionId": null});
    taken(&vectors, &base);
    let with = |member: &str, value: Value| {
        let mut message = base.clone();
        message[member] = value;
        message
    };
    // Optional and nullable; and all that may be null at once, of which some may come back left out.
    let nulls = one(&vectors, "all null");
    let expected = json!({"id": "", "sectionId": null, "limit": null, "colour": null, "note": null, "twice": null});
    assert_eq!(nulls.message, expected);
    assert_eq!(nulls.null_or_absent, ["$.limit", "$.note", "$.twice"]);
    // Three-state.
    assert!(taken(&vectors, &with("colour", Value::Null)).null_or_absent.is_empty());
    // Optional or with a default, but never null.
    for member in ["flag", "words", "loud", "mode"] {
        rejected(&vectors, &with(member, Value::Null), &format!("$.{member}"));
    }
    // Required.
    rejected(&vectors, &with("id", Value::Null), "$.id");
    rejected(&vectors, &json!({"sectionId": null}), "$.id");
    rejected(&vectors, &json!({"id": ""}), "$.sectionId");
    // Wrong in itself, and further in.
    rejected(&vectors, &with("id", json!(0)), "$.id");
    rejected(&vectors, &with("words", json!(["", 0])), "$.words[1]");
    rejected(&vectors, &json!([]), "$");
    // Every member has a value in some vector.
    let full = one(&vectors, "full");
    assert_eq!(full.message.as_object().unwrap().len(), 10);
}

#[test]
fn integers_at_their_bounds_and_beyond() {
    let vectors = of("integers", "Numbers");
    let wide = |value: Value, member: &str| {
        let mut message = json!({"a": 0});
        message[member] = value;
        taken(&vectors, &message).wide.clone()
    };
    assert_eq!(wide(json!(u64::MAX), "a").as_deref(), Some("$.a"));
    assert_eq!(wide(json!(i64::MIN), "e").as_deref(), Some("$.e"));
    let values: Vec<&Value> = vectors.iter().filter(|vector| vector.valid).map(|vector| &vector.message["b"]).collect();
    assert!(values.contains(&&json!(i32::MIN)) && values.contains(&&json!(i32::MAX)));
    let smallest: Vec<&Value> = vectors.iter().map(|vector| &vector.message["c"]).collect();
    // What the schema's own bound forbids is neither sent nor rejected.
    assert!(smallest.contains(&&json!(1)) && !smallest.contains(&&json!(0)));
    rejected(&vectors, &json!({"a": -1}), "$.a");
    rejected(&vectors, &json!({"a": 1e20}), "$.a");
    rejected(&vectors, &json!({"a": 1.5}), "$.a");
    rejected(&vectors, &json!({"a": true}), "$.a");
    rejected(&vectors, &json!({"a": 0, "b": 2_147_483_648_u32}), "$.b");
    rejected(&vectors, &json!({"a": 0, "e": 9_223_372_036_854_775_808_u64}), "$.e");
}

#[test]
fn variants_known_unknown_and_malformed() {
    let vectors = of("external-tags", "Decision");
    assert!(taken(&vectors, &json!("on-request")).unknown.is_empty());
    taken(&vectors, &json!({"amend": {"words": []}}));
    for unknown in [json!("unheard of"), json!({"__proto__": {"a": null}}), json!({}), json!({"a": 1, "b": 2})] {
        let told = &taken(&vectors, &unknown).unknown;
        assert_eq!((told.len(), told[0].path.as_str(), &told[0].raw), (1, "$", &unknown));
    }
    rejected(&vectors, &json!("amend"), "$");
    rejected(&vectors, &json!({"accept": {}}), "$");
    rejected(&vectors, &json!({"amend": {}}), "$.amend.words");
    rejected(&vectors, &json!({"custom": 0}), "$.custom");
    let vectors = of("nested-any-of", "Input");
    rejected(&vectors, &json!({}), "$.type");
    rejected(&vectors, &json!({"type": 7}), "$.type");
    rejected(&vectors, &json!({"type": "text"}), "$.text");
    rejected(&vectors, &json!({"type": "image"}), "$");
    taken(&vectors, &json!({"fileId": "", "type": "image"}));
}

#[test]
fn unknown_values_have_the_paths_that_lead_to_them() {
    let vectors = of("presence", "ThingUpdateParams");
    let told: Vec<&str> = vectors.iter().flat_map(|vector| &vector.unknown).map(|one| one.path.as_str()).collect();
    assert_eq!(told, ["$.mode", "$.twice"]);
}

#[test]
fn recursion_ends() {
    let vectors = of("recursive-types", "Tree");
    let full = one(&vectors, "full").message.to_string();
    assert!(full.matches("children").count() > 2 && full.len() < 4_000, "{full}");
}

#[test]
fn a_type_that_requires_itself_has_no_vectors_and_stands_in_nobodys_way() {
    let meta = Meta {
        doc: Doc::default(),
        origin: Origin { pointer: String::new() },
        stability: Stability::Stable,
        deprecated: None,
    };
    let name = |text: &str| Name::split(text, &[]).unwrap();
    let field = |wire: &str, ty: Type, presence: Presence| Field {
        wire: wire.to_owned(),
        name: name(wire),
        ty,
        presence,
        meta: meta.clone(),
    };
    let def = |called: &str, fields: Vec<Field>| TypeDef {
        name: name(called),
        domain: name("shared"),
        owner: None,
        usage: Usage::default(),
        kind: TypeKind::Struct(Struct { fields, extra: None }),
        meta: meta.clone(),
    };
    let endless = Type::Ref(TypeId(0));
    let mut protocol = load(&cases().join("presence"));
    protocol.types.defs = vec![
        def("Endless", vec![field("self", endless.clone(), Presence::Required)]),
        def(
            "Other",
            vec![
                field("maybe", endless.clone(), Presence::Optional),
                field("none", endless.clone().nullable(), Presence::Required),
                field("list", Type::List(Box::new(endless)), Presence::Required),
                field("small", Type::Int(IntRange { min: 0, max: 9 }), Presence::Defaulted(json!(3))),
            ],
        ),
    ];
    let vectors = vectors(&protocol);
    assert!(vectors.iter().all(|vector| vector.ty == "Other"));
    taken(&vectors, &json!({"none": null, "list": [], "small": 7}));
    taken(&vectors, &json!({"none": null, "list": [], "small": 9}));
    rejected(&vectors, &json!({"none": null, "list": [], "small": 256}), "$.small");
}
