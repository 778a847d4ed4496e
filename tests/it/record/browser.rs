//! The pages of a run in a real browser: hostile names and values do no harm, light, dark and on paper.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::Place;
use crate::harness::Scratch;

/// The browser, or the end of the test with what to type.
fn chromium() -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = ["chromium", "chromium-browser", "google-chrome"]
        .iter()
        .find_map(|name| std::env::split_paths(&path).map(|p| p.join(name)).find(|p| p.is_file()));
    found.unwrap_or_else(|| panic!("no Chromium to look at the pages with: `apt-get install -y chromium`"))
}

fn browse(page: &Path, arguments: &[&str]) -> String {
    let profile = Scratch::new();
    let out = Command::new(chromium())
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
        .args(["--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars"])
        .arg(format!("--user-data-dir={}", profile.path().join("profile").display()))
        .args(arguments)
        .arg(format!("file://{}", page.display()))
        .output()
        .unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8_lossy(&out.stdout).into_owned()
}

/// Where the pictures go: a folder of one's own to look at, or one that goes with the test.
fn pictures(scratch: &Scratch) -> PathBuf {
    let kept = std::env::var_os("PGFOLD_PICTURES").map(PathBuf::from);
    let folder = kept.unwrap_or_else(|| scratch.path().join("pictures"));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn look(page: &Path, folder: &Path, name: &str) {
    for (kind, arguments) in [
        ("light", vec!["--window-size=1100,6200", "--blink-settings=preferredColorScheme=1"]),
        ("dark", vec!["--window-size=1100,6200", "--blink-settings=preferredColorScheme=0"]),
        ("narrow", vec!["--window-size=500,3200", "--blink-settings=preferredColorScheme=1"]),
    ] {
        let png = folder.join(format!("{name}-{kind}.png"));
        let shot = format!("--screenshot={}", png.display());
        browse(page, &[&[shot.as_str()], arguments.as_slice()].concat());
        assert!(std::fs::metadata(&png).unwrap().len() > 20_000, "{kind} of {name} is empty");
    }
    let pdf = folder.join(format!("{name}.pdf"));
    browse(page, &[&format!("--print-to-pdf={}", pdf.display()), "--no-pdf-header-footer"]);
    assert!(std::fs::metadata(&pdf).unwrap().len() > 10_000);
}

/// What a browser made of the page, without the page's own style.
fn dom(page: &Path) -> String {
    let dom = browse(page, &["--dump-dom"]);
    let (before, rest) = dom.split_once("<style>").unwrap();
    format!("{before}{}", rest.split_once("</style>").unwrap().1)
}

fn page(place: &Place, name: &str, arguments: &[&str]) -> PathBuf {
    let html = place.run(arguments).expect(0).stdout;
    let file = place.folder.path().join(name);
    std::fs::write(&file, html).unwrap();
    file
}

#[test]
fn a_page_of_a_good_run_has_the_ledgers_figures_and_names_what_needs_attention_first() {
    let place = Place::applied();
    let file = page(&place, "good.html", &["report", "--html"]);
    let dom = dom(&file);
    let waiting = place.value("select count(*) from pgfold.review where run = 1");
    assert!(
        dom.contains("Look at this first") && dom.contains(&format!("<strong>{waiting} rows wait for a person")),
        "{dom}"
    );
    assert!(dom.contains("state: completed") && dom.contains("checks: passed"), "{dom}");
    let tiles = place.value(
        "select concat_ws(',', read, inserted + merged + duplicate + unchanged, rejected, trim_scale(success_rate) || ' %', trim_scale(quality_score))
           from pgfold.migrations where run = 1",
    );
    let shown: Vec<&str> =
        dom.split("<div class=\"tile\"><b>").skip(1).map(|t| t.split_once("</b>").unwrap().0).collect();
    assert_eq!(shown[..5].join(","), tiles);
    let rows = place.value(
        "select string_agg('<td>' || source || '</td><td class=\"n\">' || sum || '</td>', ';' order by source) from
           (select source, sum(read) from pgfold.batch where run = 1 group by 1) x",
    );
    for row in rows.split(';') {
        assert!(dom.contains(row), "{row}");
    }
    let head = place.value("select seq || ':' || digest from pgfold.audit order by seq desc limit 1");
    assert!(dom.contains(&format!("<code class=\"head\">{head}</code>")), "{head}");
    for said in ["CHG-4711", "rollback-schema.sql", "unique_id", "What became of every legacy row", "→"] {
        assert!(dom.contains(said), "{said}");
    }
    look(&file, &pictures(&place.folder), "good");
    let evidence = page(&place, "evidence.html", &["report", "--evidence"]);
    look(&evidence, &pictures(&place.folder), "evidence");
    place.database.psql("delete from pgfold.review");
    let well = page(&place, "well.html", &["report"]);
    assert!(self::dom(&well).contains("All well"));
}

const EVIL: &str =
    r#"</title></style><script>document.title='HACKED'</script><img src=x onerror="document.title='HACKED'">"#;

#[test]
fn hostile_names_and_values_come_out_as_text_and_the_trouble_stands_first() {
    let place = Place::applied();
    let evil = EVIL.replace('\'', "''");
    let long = "W".repeat(300);
    // whatever can reach the ledger from tables, values, tickets and servers
    place.database.psql(&format!(
        "update pgfold.run set reference = '{evil}', error = E'{evil} \\u202e \\u0007 bell', operator = '{long}', approval = '`x` | **y**',
           state = 'stopped', dictionary = jsonb_build_array(jsonb_build_object('source', '{evil}', 'from', '\"a\"\"b\" || ''<b>''',
             'uses', jsonb_build_array('{evil}', '{long}'), 'column', '{evil}', 'kind', 'whole', 'note', '{evil}')) || dictionary;
         update pgfold.batch set source = '{evil}' where source = (select min(source) from pgfold.batch);
         update pgfold.step set intent = '{evil}', error = '{evil}' where step = 2;
         update pgfold.check_result set title = '{evil}', examined = '{evil}', verdict = 'failed', hint = '{evil}',
           failures = jsonb_build_array(jsonb_build_object('what', '{evil}', 'rows', 3, 'examples', jsonb_build_array('{evil}'))) where number = 2;
         insert into pgfold.reject values (1, '{evil}', '1', '{evil}', '{evil}', '{evil}');
         insert into pgfold.review values (1, '{evil}', '1', '{evil}', '{evil}');
         insert into pgfold.message values (1, 90, '{evil}', now(), false, 3, '{evil}');"
    ));
    for (name, arguments) in
        [("hostile", ["report", "--html"].as_slice()), ("hostile-evidence", &["report", "--evidence"])]
    {
        let file = page(&place, &format!("{name}.html"), arguments);
        let dom = dom(&file);
        let lower = dom.to_lowercase();
        for markup in [
            "<script",
            "<img",
            "<iframe",
            "<b>x",
            "javascript:",
            "<link",
            "<object",
            "<form",
            "style=\"",
            "http://",
            "https://",
        ] {
            assert!(!lower.replace("&lt;", "").contains(markup), "{name} holds {markup}");
        }
        assert!(!dom.contains("<title>HACKED"), "{name} ran a script");
        assert!(
            dom.contains("&lt;script&gt;document.title='HACKED'&lt;/script&gt;") || dom.contains("&lt;script&gt;"),
            "{name} lost the text"
        );
        assert!(!dom.contains('\u{202e}') && dom.contains("\\u{202e}"), "{name} turns its text around");
        assert!(dom.contains("default-src 'none'"));
        let (_, first) = dom.split_once("class=\"first bad\"").unwrap();
        assert!(
            first.split_once("</section>").unwrap().0.contains("pgfold resume"),
            "{name} does not begin with the trouble"
        );
        look(&file, &pictures(&place.folder), name);
    }
    let markdown = place.run(&["report", "--md"]).expect(0).stdout;
    assert!(!markdown.contains("<script") && !markdown.contains("<img") && !markdown.contains("| **y**"), "{markdown}");
    let csv = place.run(&["report", "--steps-csv"]).expect(0).stdout;
    let lines = csv.lines().count();
    assert_eq!(lines.to_string(), place.value("select count(*) + 1 from pgfold.step where run = 1"));
}
