// SPDX-License-Identifier: Apache-2.0
package io.bowline.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.util.Map;
import picocli.CommandLine.Help.Ansi;

/**
 * Where a command reads and writes.
 *
 * @param out what was asked for
 * @param err what went wrong, and remarks
 * @param in the standard input
 * @param live whether a person looks at it, so that colours and redrawing make sense
 * @param environment the variables
 */
record Terminal(
    PrintWriter out,
    PrintWriter err,
    InputStream in,
    boolean live,
    Map<String, String> environment) {

  static Terminal system() {
    return new Terminal(
        writer(FileDescriptor.out),
        writer(FileDescriptor.err),
        System.in,
        Ansi.AUTO.enabled(),
        System.getenv());
  }

  private static PrintWriter writer(FileDescriptor to) {
    return new PrintWriter(new OutputStreamWriter(new FileOutputStream(to), UTF_8), true);
  }
}
