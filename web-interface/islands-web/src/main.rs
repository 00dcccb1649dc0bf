//! `islands`: serves the game, or carries out a command for an operator.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Parser;
use islands_web::{Command, CommandLine, Config, LogFormat, Server};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt::format::FmtSpan;

fn main() -> ExitCode {
    let CommandLine { config, command } = CommandLine::parse();
    let ended = match command {
        None => run(&config).map(|()| ExitCode::SUCCESS),
        Some(Command::Journal(command)) => command.run(),
        Some(Command::Game(command)) => command.run(),
    };
    ended.unwrap_or_else(|error| {
        // The exit code says it too, should nobody read this.
        let _ = writeln!(std::io::stderr(), "islands: {error:#}");
        ExitCode::FAILURE
    })
}

fn run(config: &Config) -> Result<()> {
    log(config)?;
    islands_engine::report_panics();
    tokio::runtime::Builder::new_multi_thread()
        // Look at the shared queue every other time. Seldom, and under load its tasks
        // wait for tens of milliseconds behind a worker's own; every time, and the
        // worker's own wait as long whenever someone floods the shared one.
        .global_queue_interval(2)
        .enable_all()
        .build()?
        .block_on(serve(config))
}

async fn serve(config: &Config) -> Result<()> {
    let server = Server::start(config).await?;
    // Whoever does not read this line has no need of it, and the games go on:
    // `println!` would panic.
    let _ = writeln!(
        std::io::stdout(),
        "listening on http://{}",
        server.address()
    );
    told_to_stop().await?;
    tracing::info!("going down");
    server.shut_down().await;
    Ok(())
}

fn log(config: &Config) -> Result<()> {
    for directive in config.log.split(',') {
        let named = directive.contains(['=', '[']) || directive.parse::<LevelFilter>().is_ok();
        anyhow::ensure!(
            named,
            "`--log {directive}` is neither a level (error, warn, info, debug, trace, off) nor a filter such as islands_engine=debug"
        );
    }
    // ractor marks every actor with a span; there are as many as games.
    let filter = format!("ractor=warn,{}", config.log);
    let filter = EnvFilter::try_new(&filter)
        .with_context(|| format!("`--log {}` is not a filter", config.log))?;
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        // A span that has ended is a line, with the time that it took.
        .with_span_events(FmtSpan::CLOSE)
        // A log that cannot be written is lost. By itself the library would say
        // so on stderr, where it cannot be said either, and panic.
        .log_internal_errors(false)
        .with_ansi(std::io::stderr().is_terminal());
    match config.log_format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().init(),
    }
    Ok(())
}

/// Waits for SIGINT or SIGTERM.
#[cfg(unix)]
async fn told_to_stop() -> Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => Ok(interrupted?),
        _ = terminate.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn told_to_stop() -> Result<()> {
    Ok(tokio::signal::ctrl_c().await?)
}
