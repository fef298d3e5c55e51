// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.servers;

/** A broker that someone else runs: it cannot be broken, and is left alone at the end. */
record GivenServer(String address) implements BrokerServer {

  @Override
  public String origin() {
    return "given by address";
  }

  @Override
  public boolean breakable() {
    return false;
  }

  @Override
  public void kill() {
    throw notOurs();
  }

  @Override
  public void start() {
    throw notOurs();
  }

  @Override
  public void pause() {
    throw notOurs();
  }

  @Override
  public void resume() {
    throw notOurs();
  }

  @Override
  public void close() {}

  private UnsupportedOperationException notOurs() {
    return new UnsupportedOperationException(
        address + " was given by address, so it cannot be broken: ask breakable() first");
  }
}
