//! How well inference does on a labelled set; needs no database.

use std::path::Path;

use crate::cli;
use crate::context::Desk;
use crate::error::{Error, Result};
use crate::folder::Sheet;
use crate::mapping::score::{Judged, Score, five_fold, learn_and_judge};
use crate::mapping::{Entry, Labelled, Right, Subject, Taxonomy, Wanted};

pub fn score(desk: &Desk, args: &cli::Map) -> Result<()> {
    let Some(file) = &args.score else { return Err(Error::bug("nothing to score")) };
    let labelled = labelled(file)?;
    let teachers = args.learn_from.as_deref().map(self::labelled).transpose()?;
    let taxonomy = taxonomy(args.taxonomy.as_deref(), labelled.iter().chain(teachers.iter().flatten()))?;
    let rights: Vec<Right> =
        taxonomy.entries.iter().map(|e| Right { code: e.code.clone(), name: e.name.clone() }).collect();
    let judged = match &teachers {
        Some(teachers) => learn_and_judge(&taxonomy, &rights, teachers, &labelled, Wanted::default()),
        None => five_fold(&taxonomy, &rights, &labelled, Wanted::default(), 0),
    };
    if let Some(out) = &args.predictions_out {
        predictions(out, &judged)?;
    }
    desk.out.score(&Score::of(&judged))
}

/// First column the identifier, last the code, those between are texts; a heading gives a text its usual weight.
fn labelled(file: &Path) -> Result<Vec<Labelled>> {
    let wrong = |e: csv::Error| Error::file("read", file, e);
    let opened = std::fs::File::open(file).map_err(|e| Error::named_file("read", file, &e))?;
    let mut reader = csv::Reader::from_reader(opened);
    let headings: Vec<String> = reader.headers().map_err(wrong)?.iter().map(str::to_lowercase).collect();
    if headings.len() < 3 {
        let hint = "write a header line: identifier, texts such as title and description, and the code last";
        return Err(Error::usage(format!("`{}` has too few columns", file.display()), hint));
    }
    let weight = |heading: &str| match heading {
        "name" | "title" | "tags" => 2.0,
        long if long.contains("prompt") => 0.5,
        _ => 1.0,
    };
    let mut out = Vec::new();
    for record in reader.records() {
        let record = record.map_err(wrong)?;
        let last = record.len() - 1;
        let texts =
            (1..last).map(|i| (headings[i].as_str().into(), weight(&headings[i]), record[i].replace(';', ", ")));
        let id = record[0].to_owned();
        let subject = Subject { key: id.clone(), id, text: texts.collect(), ..Subject::default() };
        out.push(Labelled { subject, codes: vec![record[last].to_owned()] });
    }
    Ok(out)
}

fn taxonomy<'a>(file: Option<&Path>, labelled: impl Iterator<Item = &'a Labelled>) -> Result<Taxonomy> {
    if let Some(file) = file {
        let text = std::fs::read_to_string(file).map_err(|e| Error::named_file("read", file, &e))?;
        return Taxonomy::parse(&file.display().to_string(), &text).map_err(|findings| Error::Contract { findings });
    }
    let codes: std::collections::BTreeSet<&String> = labelled.filter_map(|l| l.codes.first()).collect();
    let entry = |code: &&String| Entry { code: (*code).clone(), name: (*code).clone(), ..Entry::default() };
    Ok(Taxonomy { entries: codes.iter().map(entry).collect(), ..Taxonomy::default() })
}

fn predictions(file: &Path, judged: &[Judged]) -> Result<()> {
    let wrong = |e: csv::Error| Error::file("write", file, e);
    let opened = std::fs::File::create(file).map_err(|e| Error::named_file("write", file, &e))?;
    let mut csv = Sheet::new(opened, &["identifier", "predicted", "confidence", "evidence"]).map_err(wrong)?;
    for one in judged {
        csv.line([&one.id, &one.predicted, &format!("{:.4}", one.confidence), &one.evidence]).map_err(wrong)?;
    }
    csv.flush().map_err(|e| Error::file("write", file, e))
}
