//! Templates of every shape: computed values against values known beforehand, and nothing that makes the reader panic.

use std::collections::BTreeMap;

use proptest::prelude::*;
use provisioning_template::{CERTIFICATE_ID_PARAMETER, PolicyDocument, ProvisioningTemplate};
use serde_json::{Value, json};

const PARAMETERS: [(&str, &str); 3] = [("vin", "1HGCM82633A004352"), ("plant", "kiel"), ("options", "red,blue,green")];

/// A value as a template writes it, with the text that it must come to.
fn expression() -> impl Strategy<Value = (Value, String)> {
    let text = "[a-zA-Z0-9_.:/-]{0,6}".prop_map(|text| (json!(text), text));
    let reference = (0..PARAMETERS.len()).prop_map(|index| {
        let (name, value) = PARAMETERS[index];
        (json!({ "Ref": name }), value.to_owned())
    });
    let mapped = Just((json!({ "Fn::FindInMap": ["plants", { "Ref": "plant" }, "region"] }), "north".to_owned()));
    let selected = (0..3_usize).prop_map(|index| {
        let value = ["red", "blue", "green"][index].to_owned();
        (json!({ "Fn::Select": [index, { "Fn::Split": [",", { "Ref": "options" }] }] }), value)
    });
    let leaf = prop_oneof![text, reference, mapped, selected];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let join = ("[:/_-]{0,1}", prop::collection::vec(inner.clone(), 0..4)).prop_map(|(delimiter, parts)| {
            let (written, known): (Vec<_>, Vec<_>) = parts.into_iter().unzip();
            (json!({ "Fn::Join": [delimiter, written] }), known.join(&delimiter))
        });
        let select = (prop::collection::vec(inner.clone(), 1..4), any::<prop::sample::Index>(), any::<bool>())
            .prop_map(|(parts, index, quoted)| {
                let index = index.index(parts.len());
                let (written, known): (Vec<_>, Vec<_>) = parts.into_iter().unzip();
                let number = if quoted { json!(index.to_string()) } else { json!(index) };
                (json!({ "Fn::Select": [number, written] }), known[index].clone())
            });
        let substitution =
            ("[a-z:/]{0,3}", inner.clone(), "[a-z:/]{0,3}").prop_map(|(before, (written, known), after)| {
                let text = format!("{before}${{inner}}{after}${{plant}}");
                (json!({ "Fn::Sub": [text, { "inner": written }] }), format!("{before}{known}{after}kiel"))
            });
        prop_oneof![join, select, substitution]
    })
}

fn template(attribute: &Value) -> Value {
    json!({
        "Parameters": { "vin": { "Type": "String" }, "plant": { "Type": "String" }, "options": { "Type": "String" } },
        "Mappings": { "plants": { "kiel": { "region": "north" } } },
        "Resources": {
            "thing": { "Type": "AWS::IoT::Thing", "Properties": {
                "ThingName": { "Ref": "vin" }, "AttributePayload": { "computed": attribute }
            } },
            "certificate": { "Type": "AWS::IoT::Certificate", "Properties": {
                "CertificateId": { "Ref": CERTIFICATE_ID_PARAMETER }, "Status": "Active"
            } }
        }
    })
}

fn parameters() -> BTreeMap<String, String> {
    let mut parameters: BTreeMap<String, String> =
        PARAMETERS.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    parameters.insert(CERTIFICATE_ID_PARAMETER.to_owned(), "0".repeat(64));
    parameters
}

proptest! {
    #[test]
    fn a_computed_value_is_what_its_parts_say((written, known) in expression()) {
        let body = template(&written).to_string();
        prop_assume!(body.len() <= 10_240);
        let plan = ProvisioningTemplate::parse(&body).and_then(|template| template.plan(&parameters()));
        if known.len() > 800 {
            prop_assert!(plan.is_err());
        } else {
            prop_assert_eq!(&plan.expect("a plan").attributes["computed"], &known);
        }
    }

    #[test]
    fn no_text_makes_the_readers_panic(text in ".{0,200}") {
        let _ = ProvisioningTemplate::parse(&text);
        let _ = PolicyDocument::parse(&text).map(|policy| policy.reaches());
    }

    #[test]
    fn a_damaged_template_is_refused_or_planned(
        (written, _) in expression(),
        damage in prop::collection::vec((any::<prop::sample::Index>(), prop::sample::select(br#"{}[]":,$0anR "#.to_vec())), 1..4),
    ) {
        let mut body = template(&written).to_string().into_bytes();
        for (place, byte) in damage {
            let place = place.index(body.len());
            body[place] = byte;
        }
        if let Ok(body) = String::from_utf8(body)
            && let Ok(template) = ProvisioningTemplate::parse(&body)
        {
            let _ = template.plan(&parameters());
        }
    }

    /// Leaving a parameter out is noticed, whatever else is there.
    #[test]
    fn a_plan_never_guesses_a_missing_parameter(missing in 0..PARAMETERS.len(), (written, _) in expression()) {
        let name = PARAMETERS[missing].0;
        let both = json!({ "Fn::Join": ["", [{ "Ref": name }, written]] });
        let template = ProvisioningTemplate::parse(&template(&both).to_string());
        prop_assume!(template.is_ok());
        let mut parameters = parameters();
        parameters.remove(name);
        prop_assert!(template.expect("a template").plan(&parameters).is_err());
    }
}
