//! The command line, read: usage errors and help are printed by the same hand as all else, with a hint and exit code 2.

use clap::error::ErrorKind;
use clap::{CommandFactory as _, Parser as _};

use crate::args::{Arguments, Command};
use crate::output::{complain, print};

/// What was asked for; else help or an error was printed, and this is the exit code.
pub(crate) fn arguments() -> Result<Arguments, u8> {
    Arguments::try_parse().and_then(consistent).map_err(|error| said(&error))
}

/// What the definition cannot say: a requirement is not looked at there while the required flag conflicts with another.
fn consistent(arguments: Arguments) -> Result<Arguments, clap::Error> {
    let Command::Run(run) = &arguments.command else { return Ok(arguments) };
    if run.into.is_some() && run.add_arm.is_none() {
        let mut command = Arguments::command();
        command.build();
        let run = command.find_subcommand_mut("run").expect("there is a command `run`");
        let message = "`--into <RUN>` names the run that `--add-arm <P>` adds to, and --add-arm is missing";
        return Err(run.error(ErrorKind::MissingRequiredArgument, message));
    }
    Ok(arguments)
}

fn said(error: &clap::Error) -> u8 {
    let text = error.render().to_string();
    if !error.use_stderr() {
        let printed = print(&format!("{}\n", text.trim_end()));
        return printed.map_or_else(|error| (complain(&format!("error: {error:#}")), 3).1, |()| 0);
    }
    let text = text.replace("\n  tip: ", "\n  hint: ");
    let text = text.trim_end().trim_end_matches("For more information, try '--help'.").trim_end();
    // Arguments need not be text; only one that is can be a command.
    let first = std::env::args_os().nth(1).and_then(|first| first.into_string().ok());
    let command = first.filter(|first| Arguments::command().find_subcommand(first).is_some());
    let help = command.map_or_else(|| "--help".to_owned(), |command| format!("{command} --help"));
    let hint = match error.kind() {
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => String::new(),
        _ => format!("\n  hint: `counterfoil {help}` says what is allowed"),
    };
    complain(&format!("{text}{hint}"));
    2
}
