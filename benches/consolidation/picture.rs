//! The medians as bars with their spread, one panel per size.

use crate::measured::Measured;

const WIDTH: f64 = 820.0;
const LEFT: f64 = 110.0;
const BAR: f64 = 22.0;

pub fn svg(all: &Measured) -> String {
    let (mut body, mut y) = (String::new(), 10.0);
    for rows in all.sizes() {
        y += 24.0;
        body += &format!(
            "<text x=\"10\" y=\"{y}\" font-weight=\"bold\">{rows} legacy rows, seconds (median, lowest to highest)</text>\n"
        );
        let cases: Vec<(String, (f64, f64, f64))> =
            all.cases(rows).into_iter().filter_map(|c| Some((c.clone(), all.seconds(rows, &c)?))).collect();
        // one case of many minutes would leave nothing to be seen of the others
        let longest =
            cases.iter().filter(|(c, _)| !c.starts_with("row-by-row")).map(|(_, s)| s.2).fold(0.001, f64::max);
        let scale = (WIDTH - LEFT - 110.0) / longest;
        for (case, (low, median, high)) in cases {
            y += BAR;
            let colour =
                if case.starts_with("pgfold") || ["dry-run", "map", "validate", "rollback"].contains(&case.as_str()) {
                    "#0f766e"
                } else {
                    "#94a3b8"
                };
            let length = (median * scale).clamp(1.0, WIDTH - LEFT - 110.0);
            let (a, b) = (LEFT + low * scale, LEFT + (high * scale).min(WIDTH - LEFT - 110.0));
            let middle = y - 5.0;
            body += &format!("<text x=\"{}\" y=\"{y}\" text-anchor=\"end\">{case}</text>\n", LEFT - 8.0);
            body += &format!(
                "<rect x=\"{LEFT}\" y=\"{}\" width=\"{length:.1}\" height=\"14\" fill=\"{colour}\"/>\n",
                y - 12.0
            );
            if b > a {
                body +=
                    &format!("<line x1=\"{a:.1}\" x2=\"{b:.1}\" y1=\"{middle}\" y2=\"{middle}\" stroke=\"#111\"/>\n");
            }
            body += &format!("<text x=\"{:.1}\" y=\"{y}\">{median:.2}</text>\n", LEFT + length + 8.0);
        }
        y += 16.0;
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{:.0}\" font-family=\"sans-serif\" font-size=\"13\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n{body}</svg>\n",
        y + 12.0
    )
}
