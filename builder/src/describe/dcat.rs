//! All datasets of a release in the words of DCAT 3, as its application profile DCAT-AP 3 asks: a catalog, a dataset
//! for each Data Package, a distribution for each file, and the API as a data service.

use catalog::{ADDRESS, Entry, percent_encode};
use serde_json::{Value, json};

use super::Dataset;
use super::about::{About, is_web, text};

/// The document, as JSON-LD. Addresses begin with [`ADDRESS`]. Errors: a descriptor in the catalog is not JSON.
pub(super) fn document(datasets: &[Dataset<'_>]) -> serde_json::Result<String> {
    let mut described = vec![];
    let mut publisher = None;
    let mut titles = vec![];
    let mut served = vec![];
    for dataset in datasets {
        let about = About::parse(&dataset.about)?;
        publisher = publisher.or_else(|| about.publisher().map(|found| agent(&found)));
        titles.push(about.text("title").unwrap_or(&dataset.name).to_owned());
        served.push(json!({"@id": identifier(&dataset.name)}));
        described.push(self::dataset(dataset, &about)?);
    }
    let title = match titles.as_slice() {
        [only] => only.clone(),
        _ => "Data".to_owned(),
    };
    let mut catalog = json!({
        "@id": format!("{ADDRESS}#catalog"),
        "@type": "dcat:Catalog",
        "dct:title": title,
        "dct:description": titles.join(", "),
        "foaf:homepage": {"@id": ADDRESS, "@type": "foaf:Document"},
        "dcat:dataset": described,
        "dcat:service": {
            "@id": format!("{ADDRESS}#api"),
            "@type": "dcat:DataService",
            "dct:title": format!("API of {title}"),
            "dcat:endpointURL": {"@id": ADDRESS},
            "dcat:endpointDescription": {"@id": format!("{ADDRESS}openapi.json")},
            "dcat:servesDataset": served,
        },
    });
    if let Some(publisher) = publisher {
        catalog["dct:publisher"] = publisher;
    }
    let mut document = json!({
        "@context": {
            "dcat": "http://www.w3.org/ns/dcat#",
            "dct": "http://purl.org/dc/terms/",
            "foaf": "http://xmlns.com/foaf/0.1/",
            "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
            "xsd": "http://www.w3.org/2001/XMLSchema#",
        },
    });
    document["@graph"] = json!([catalog]);
    serde_json::to_string_pretty(&document)
}

fn dataset(described: &Dataset<'_>, about: &About) -> serde_json::Result<Value> {
    let title = about.text("title").unwrap_or(&described.name);
    let mut dataset = json!({
        "@id": identifier(&described.name),
        "@type": "dcat:Dataset",
        "dct:identifier": described.name,
        "dct:title": title,
        "dct:description": about.text("description").unwrap_or(title),
    });
    if let Some(version) = &described.version {
        dataset["dcat:version"] = json!(version);
    }
    if let Some(date) = &described.changed {
        dataset["dct:modified"] = json!({"@type": "xsd:dateTime", "@value": date});
    }
    if let Some(publisher) = about.publisher() {
        dataset["dct:publisher"] = agent(&publisher);
    }
    let keywords: Vec<_> = about.list("keywords").filter_map(Value::as_str).map(Value::from).collect();
    if !keywords.is_empty() {
        dataset["dcat:keyword"] = keywords.into();
    }
    // `dct:source` is for other datasets of a catalog alone.
    let statement = |source: &Value| {
        let named = [text(source, "title"), text(source, "path").filter(|path| is_web(path))];
        let label: Vec<_> = named.into_iter().flatten().collect();
        json!({"@type": "dct:ProvenanceStatement", "rdfs:label": label.join(", ")})
    };
    let sources: Vec<_> = about.list("sources").map(statement).collect();
    if !sources.is_empty() {
        dataset["dct:provenance"] = sources.into();
    }
    if let Some(home) = about.text("homepage").filter(|home| is_web(home)) {
        dataset["dcat:landingPage"] = json!({"@id": home, "@type": "foaf:Document"});
    }
    let licence = about.licences().next();
    let mut distributions = vec![];
    for Entry { entry: table, about } in &described.tables {
        let about = About::parse(about)?;
        for (extension, media_type) in [("csv", "text/csv"), ("json", "application/json")] {
            distributions.push(distribution(&table.name, &about, extension, media_type, licence.as_deref()));
        }
    }
    dataset["dcat:distribution"] = distributions.into();
    Ok(dataset)
}

fn distribution(
    table: &str,
    about: &About,
    extension: &str,
    media_type: &str,
    licence: Option<&str>,
) -> Value {
    let page = address(table);
    let file = format!("{page}.{extension}");
    let mut distribution = json!({
        "@id": file,
        "@type": "dcat:Distribution",
        "dct:title": format!("{}, {}", about.text("title").unwrap_or(table), extension.to_uppercase()),
        "dcat:accessURL": {"@id": page},
        "dcat:downloadURL": {"@id": file},
        "dcat:mediaType": {
            "@id": format!("https://www.iana.org/assignments/media-types/{media_type}"),
            "@type": "dct:MediaType",
        },
        "dcat:accessService": {"@id": format!("{ADDRESS}#api")},
    });
    if let Some(description) = about.text("description") {
        distribution["dct:description"] = json!(description);
    }
    if let Some(licence) = licence {
        distribution["dct:license"] = json!({"@id": licence, "@type": "dct:LicenseDocument"});
    }
    distribution
}

fn agent((name, address): &(&str, Option<&str>)) -> Value {
    let mut agent = json!({"@type": "foaf:Agent", "foaf:name": name});
    if let Some(address) = address {
        agent["@id"] = json!(address);
    }
    agent
}

/// A dataset's identifier: its name may be that of a table.
fn identifier(dataset: &str) -> String {
    let mut identifier = format!("{ADDRESS}#dataset-");
    percent_encode(dataset, &mut identifier);
    identifier
}

fn address(name: &str) -> String {
    let mut address = ADDRESS.to_owned();
    percent_encode(name, &mut address);
    address
}
