//! `islands`: serves the game, or runs a command for an operator.

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
        // If stderr is closed, the exit code still reports the failure.
        let _ = writeln!(std::io::stderr(), "islands: {error:#}");
        ExitCode::FAILURE
    })
}

fn run(config: &Config) -> Result<()> {
    log(config)?;
    islands_engine::install_panic_hook();
    tokio::runtime::Builder::new_multi_thread()
        // Poll the shared queue on every second tick. With a long interval its tasks
        // wait for tens of milliseconds behind a worker's local queue; with an interval
        // of 1 the local tasks wait as long when a client floods the shared queue.
        .global_queue_interval(2)
        .enable_all()
        .build()?
        .block_on(serve(config))
}

async fn serve(config: &Config) -> Result<()> {
    let server = Server::start(config).await?;
    // A closed stdout must not stop the games, and `println!` would panic.
    let _ = writeln!(
        std::io::stdout(),
        "listening on http://{}",
        server.address()
    );
    shutdown_signal().await?;
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
    // ractor opens a span for every actor, and there is one actor for each game.
    let filter = format!("ractor=warn,{}", config.log);
    let filter = EnvFilter::try_new(&filter)
        .with_context(|| format!("`--log {}` is not a filter", config.log))?;
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        // Log each span when it ends, with the time that it took.
        .with_span_events(FmtSpan::CLOSE)
        // A log line that cannot be written is lost. By default the library would
        // report that on stderr, where writing fails as well, and panic.
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
async fn shutdown_signal() -> Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => Ok(interrupted?),
        _ = terminate.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn shutdown_signal() -> Result<()> {
    Ok(tokio::signal::ctrl_c().await?)
}
