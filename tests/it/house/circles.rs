//! The fence against circles: files of one room that import each other all the way round.

use std::collections::{BTreeMap, BTreeSet};

use super::source::{File, Kind, Token};

/// A module's path from the root, such as `execute`, `map`, `pages`.
type Module = Vec<String>;

/// Files by module, and what each module hands on from its children: name to where it is.
struct House<'a> {
    files: BTreeMap<Module, &'a File>,
    handed_on: BTreeMap<Module, BTreeMap<String, Module>>,
}

/// Rooms whose circles stand from before and are still to be opened; none is to be added.
const TO_BE_OPENED: [&str; 10] =
    ["config", "embedded", "manifest", "mapping", "pg", "planner", "preflight", "render", "sql", "validate"];

/// One line per circle, its files in the order of their names.
pub fn no_circle_in_a_room(files: &[File]) -> Vec<String> {
    let house = House::of(files);
    let arrows: BTreeMap<&Module, BTreeSet<Module>> =
        house.files.iter().map(|(module, file)| (module, house.imports(module, file))).collect();
    let reached: BTreeMap<&Module, BTreeSet<Module>> =
        arrows.keys().map(|module| (*module, reachable(module, &arrows))).collect();
    let mut circles = BTreeSet::new();
    for (module, all) in &reached {
        let back = |other: &&Module| *other == *module || reached.get(*other).is_some_and(|r| r.contains(*module));
        let mut circle: Vec<&Module> = all.iter().filter(back).collect();
        circle.sort();
        let known = module.first().is_some_and(|room| TO_BE_OPENED.contains(&room.as_str()));
        if all.contains(*module) && !known {
            let names: Vec<String> = circle.iter().map(|m| m.join("/")).collect();
            circles.insert(names.join(" "));
        }
    }
    circles.into_iter().collect()
}

fn reachable(from: &Module, arrows: &BTreeMap<&Module, BTreeSet<Module>>) -> BTreeSet<Module> {
    let mut found = BTreeSet::new();
    let mut open: Vec<&Module> = vec![from];
    while let Some(module) = open.pop() {
        for next in arrows.get(module).into_iter().flatten() {
            if found.insert(next.clone()) {
                open.push(next);
            }
        }
    }
    found
}

impl<'a> House<'a> {
    fn of(files: &'a [File]) -> House<'a> {
        let files: BTreeMap<Module, &File> = files.iter().filter_map(|f| Some((module(f)?, f))).collect();
        let mut house = House { files, handed_on: BTreeMap::new() };
        for (module, file) in &house.files {
            let tokens = file.production();
            let uses = (0..tokens.len()).filter(|&i| tokens[i].is("use") && i > 0 && hands_on(&tokens, i));
            let paths = uses.flat_map(|i| paths(&tokens, i + 1));
            let own = |path: Module| Some((path.last()?.clone(), house.absolute(module, &path)?));
            let names = paths.filter_map(own).collect();
            house.handed_on.insert(module.clone(), names);
        }
        house
    }

    /// From the root; nothing for what another crate has.
    fn absolute(&self, from: &Module, path: &[String]) -> Option<Module> {
        let mut at = from.clone();
        let mut rest = path;
        match path.first()?.as_str() {
            "crate" => at.clear(),
            "self" => {}
            "super" => {
                at.pop();
            }
            child => {
                at.push(child.to_owned());
                return self.files.contains_key(&at).then(|| from.iter().chain(path).cloned().collect());
            }
        }
        rest = &rest[1..];
        while rest.first().is_some_and(|word| word == "super") {
            at.pop();
            rest = &rest[1..];
        }
        Some(at.into_iter().chain(rest.iter().cloned()).collect())
    }

    /// The module whose file holds what the path names, through what is handed on.
    fn home(&self, path: &[String]) -> Option<Module> {
        let mut path = path.to_vec();
        for _ in 0..8 {
            let depth = (1..=path.len()).rev().find(|n| self.files.contains_key(&path[..*n]))?;
            let module = path[..depth].to_vec();
            let Some(name) = path.get(depth) else { return Some(module) };
            match self.handed_on.get(&module).and_then(|names| names.get(name)) {
                Some(there) if there[..] != path[..] => path = there.clone(),
                _ => return Some(module),
            }
        }
        None
    }

    /// The other files of the same room that this one names.
    fn imports(&self, module: &Module, file: &File) -> BTreeSet<Module> {
        let tokens = file.production();
        let mut found = BTreeSet::new();
        let mut i = 0;
        while i < tokens.len() {
            if tokens[i].is("use") && hands_on(&tokens, i) {
                while i < tokens.len() && !tokens[i].is(";") {
                    i += 1;
                }
            }
            let begins = i > 0 && !tokens[i - 1].is("::") && tokens.get(i + 1).is_some_and(|t| t.is("::"));
            if begins && tokens[i].kind == Kind::Word {
                let named = paths(&tokens, i).into_iter().filter_map(|path| self.absolute(module, &path));
                found.extend(named.filter_map(|path| self.home(&path)));
            }
            i += 1;
        }
        found.retain(|other| other != module && other.first() == module.first());
        found
    }
}

fn module(file: &File) -> Option<Module> {
    let below = file.path.strip_prefix("src/")?.strip_suffix(".rs")?;
    let below = below.strip_suffix("/mod").unwrap_or(below);
    (!["lib", "main"].contains(&below)).then(|| below.split('/').map(str::to_owned).collect())
}

/// `pub use` and `pub(crate) use`.
fn hands_on(tokens: &[Token], at: usize) -> bool {
    at > 0 && (tokens[at - 1].is("pub") || tokens[at - 1].is(")"))
}

/// The paths that begin at a word, each alternative of a group by itself.
fn paths(tokens: &[Token], at: usize) -> Vec<Module> {
    let mut open = vec![(Vec::new(), at)];
    let mut found = Vec::new();
    while let Some((mut path, mut i)) = open.pop() {
        loop {
            match tokens.get(i) {
                Some(t) if t.is("{") => {
                    open.extend(alternatives(tokens, i).into_iter().map(|start| (path.clone(), start)));
                    break;
                }
                Some(t) if t.kind == Kind::Word => path.push(t.text.clone()),
                _ => break,
            }
            if !tokens.get(i + 1).is_some_and(|t| t.is("::")) {
                if path.last().is_some_and(|word| word == "self") && path.len() > 1 {
                    path.pop();
                }
                found.push(path);
                break;
            }
            i += 2;
        }
    }
    found
}

/// Where each part of a group begins.
fn alternatives(tokens: &[Token], open: usize) -> Vec<usize> {
    let end = super::source::closing(tokens, open);
    let (mut found, mut depth) = (Vec::new(), 0);
    for (i, token) in tokens.iter().enumerate().take(end).skip(open) {
        depth += usize::from(token.is("{"));
        depth -= usize::from(token.is("}"));
        if depth == 1 && (token.is("{") || token.is(",")) && i + 1 < end {
            found.push(i + 1);
        }
    }
    found
}
