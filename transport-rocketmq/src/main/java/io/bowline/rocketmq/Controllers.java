// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import io.bowline.audit.Fact;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.remoting.exception.RemotingException;
import org.apache.rocketmq.tools.admin.DefaultMQAdminExt;

/** The controllers that elect masters: what each would elect. Asks each of them once. */
final class Controllers {
  private static final String UNCLEAN = "enableElectUncleanMaster";

  private final DefaultMQAdminExt admin;
  private final Map<String, Fact<Boolean>> told = new HashMap<>();

  Controllers(DefaultMQAdminExt admin) {
    this.admin = admin;
  }

  /**
   * Whether a replica that lags may become the master of a broker with these settings. Each
   * controller has the setting for itself, and whichever leads just then decides.
   */
  Fact<Boolean> electUnclean(Properties broker) throws Exception {
    if (!Boolean.parseBoolean(broker.getProperty("enableControllerMode"))) {
      return Fact.of(false);
    }
    String addresses = broker.getProperty("controllerAddr", "").trim();
    boolean byName = Boolean.parseBoolean(broker.getProperty("fetchControllerAddrByDnsLookup"));
    if (byName || addresses.isEmpty()) {
      return unknown(
          "the broker finds its controllers by DNS, or does not name them", "<each controller>");
    }
    Fact<Boolean> all = Fact.of(false);
    for (String address : Arrays.asList(addresses.split("\\s*;\\s*"))) {
      Fact<Boolean> one = asked(address);
      if (one.value().orElse(false)) {
        return one;
      }
      all = one.value().isPresent() ? all : one;
    }
    return all;
  }

  private Fact<Boolean> asked(String address) throws Exception {
    Fact<Boolean> known = told.get(address);
    if (known == null) {
      known = ask(address);
      told.put(address, known);
    }
    return known;
  }

  private Fact<Boolean> ask(String address) throws Exception {
    try {
      Properties settings = admin.getControllerConfig(List.of(address)).get(address);
      String unclean = settings == null ? null : settings.getProperty(UNCLEAN);
      return unclean == null
          ? unknown("controller " + address + " does not tell " + UNCLEAN, address)
          : Fact.of(Boolean.parseBoolean(unclean));
    } catch (RemotingException away) {
      return unknown("controller " + address + " cannot be asked from here", address);
    } catch (MQClientException refused) {
      String code = "code " + refused.getResponseCode();
      return unknown("controller " + address + " refuses to tell its settings, " + code, address);
    }
  }

  private static Fact<Boolean> unknown(String why, String address) {
    return Fact.unknown(
        why, "see that " + UNCLEAN + "=false: mqadmin getControllerConfig -a " + address);
  }
}
