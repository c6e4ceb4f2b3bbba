//! Measures what has a budget and prints each figure beside it: `make bench`. Nothing here passes or fails.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use stories::{Browser, Look, World};
use tokio::process::Command;

/// Decisions of the hook that are measured, after some that warm it up.
const DECISIONS: usize = 60;
const WARM_UP: usize = 10;

/// Loads of the page that are measured.
const LOADS: usize = 9;

fn main() -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let (world, stack) = runtime.block_on(World::start())?;
    let measured = runtime.block_on(measure(&world));
    let _guard = runtime.enter();
    stack.stop();
    let mut figures = measured?;
    figures.extend(sizes()?);
    println!("\n{:<58}{:>12}{:>12}{:>9}", "figure", "measured", "budget", "ratio");
    for Figure { what, unit, measured, budget } in figures {
        println!(
            "{what:<58}{:>12}{:>12}{:>9.2}",
            format!("{measured:.1} {unit}"),
            format!("{budget} {unit}"),
            measured / budget
        );
    }
    Ok(())
}

struct Figure {
    what: String,
    unit: &'static str,
    measured: f64,
    budget: f64,
}

async fn measure(world: &World) -> Result<Vec<Figure>> {
    let mut figures = hook(world).await?;
    figures.push(page(world).await?);
    Ok(figures)
}

/// The hook's own time for whole provisionings, as the function measures and logs it.
async fn hook(world: &World) -> Result<Vec<Figure>> {
    for _ in 0..WARM_UP + DECISIONS {
        let vin = world.authorized_vin().await?;
        world.provision(&vin).await?;
    }
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/control_plane/hook_times.py");
    let stack = world.stack_file();
    let stack = stack.to_str().context("a path in UTF-8")?;
    let output =
        Command::new("python3").args([script, stack, "/aws/lambda/cms-pre-provisioning-hook"]).output().await?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let times: Vec<f64> = String::from_utf8(output.stdout)?.lines().map(str::parse).collect::<Result<_, _>>()?;
    ensure!(times.len() >= DECISIONS, "only {} decisions are in the log", times.len());
    let mut warm: Vec<f64> = times[times.len() - DECISIONS..].iter().map(|micros| micros / 1_000.0).collect();
    warm.sort_by(f64::total_cmp);
    let figure = |what: &str, measured| Figure { what: what.to_owned(), unit: "ms", measured, budget: 20.0 };
    Ok(vec![
        figure("hook, own time of an admission, warm, median", warm[DECISIONS / 2]),
        figure("hook, own time of an admission, warm, 95th percentile", warm[DECISIONS * 95 / 100]),
    ])
}

/// From the navigation to the first row of the fleet, with an empty cache.
async fn page(world: &World) -> Result<Figure> {
    let mut loads = Vec::with_capacity(LOADS);
    for _ in 0..LOADS {
        let browser = Browser::open(world, Look::ALL[0]).await?;
        browser.go_to("/").await?;
        browser.sees("tbody tr a").await?;
        loads.push(browser.interactive_after().await?);
        browser.close().await?;
    }
    loads.sort_by(f64::total_cmp);
    let what = "console, navigation to the first row, cold, median".to_owned();
    Ok(Figure { what, unit: "ms", measured: loads[LOADS / 2], budget: 1_000.0 })
}

fn sizes() -> Result<Vec<Figure>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let dist = root.join("frontend/dist");
    // The modules that the page does not name are those of the pages that are fetched later.
    let page = std::fs::read_to_string(dist.join("index.html")).context("the console is not built")?;
    let first = |name: &str| !name.ends_with(".wasm") || page.contains(name);
    let console = compressed(&dist, "brotliCompressSync", first)?;
    let worker = compressed(&root.join("edge/build"), "gzipSync", |_| true)?;
    Ok(vec![
        Figure { what: "console, first view, brotli".to_owned(), unit: "KB", measured: console, budget: 300.0 },
        Figure { what: "Worker, script and wasm, gzip".to_owned(), unit: "KB", measured: worker, budget: 1_000.0 },
    ])
}

/// The size of those files of a folder that count, each compressed by itself with a function of Node's zlib, in units of
/// 1,000 bytes.
fn compressed(folder: &Path, function: &str, counts: impl Fn(&str) -> bool) -> Result<f64> {
    let script = format!(
        "const fs = require('fs');
         const size = file => require('zlib').{function}(fs.readFileSync(file)).length;
         console.log(process.argv.slice(1).map(size).reduce((sum, size) => sum + size, 0));"
    );
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(|| format!("{} is not built", folder.display()))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if [".html", ".css", ".js", ".wasm", ".svg"].iter().any(|end| name.ends_with(end)) && counts(&name) {
            files.push(entry.path());
        }
    }
    let output = std::process::Command::new("node").args(["-e", &script]).args(files).output()?;
    ensure!(
        output.status.success(),
        "{} cannot be measured: {}",
        folder.display(),
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(String::from_utf8(output.stdout)?.trim().parse::<f64>()? / 1_000.0)
}
