// SPDX-License-Identifier: Apache-2.0
package io.bowline.cli;

import picocli.CommandLine.IVersionProvider;

/** What this jar says of itself. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String version = Main.class.getPackage().getImplementationVersion();
    return new String[] {
      "bowline " + (version == null ? "(not from its jar)" : version),
      "on Java " + System.getProperty("java.version")
    };
  }
}
