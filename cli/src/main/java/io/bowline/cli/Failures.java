// SPDX-License-Identifier: Apache-2.0
package io.bowline.cli;

import java.io.PrintWriter;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Tells a person what went wrong, in a line or two. */
final class Failures implements IExecutionExceptionHandler, IParameterExceptionHandler {
  @Override
  public int handleParseException(ParameterException wrong, String[] args) {
    CommandLine command = wrong.getCommandLine();
    PrintWriter err = command.getErr();
    tell(command, String.valueOf(wrong.getMessage()).replaceFirst("^Error: ", ""));
    UnmatchedArgumentException.printSuggestions(wrong, err);
    command.getCommandSpec().usageMessage().abbreviateSynopsis(true);
    err.println("Usage: " + command.getHelp().synopsis(0).strip());
    err.println("More: " + command.getCommandSpec().qualifiedName() + " --help");
    return Exit.USAGE;
  }

  @Override
  public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
    if (failure instanceof ParameterException wrong) {
      return handleParseException(wrong, new String[0]);
    }
    // Not before the arguments were read: they say how much is logged.
    LoggerFactory.getLogger(Failures.class).info("In full", failure);
    tell(command, failure.getMessage() == null ? failure.toString() : failure.getMessage());
    return Exit.of(failure);
  }

  private static void tell(CommandLine command, String message) {
    String line = command.getCommandSpec().qualifiedName() + ": " + message;
    command.getErr().println(command.getColorScheme().errorText(line));
  }
}
