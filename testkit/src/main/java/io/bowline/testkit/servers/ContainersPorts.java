// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.servers;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports.Binding;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/** Containers whose ports on the host are chosen beforehand. */
final class ContainersPorts {

  private ContainersPorts() {}

  static GenericContainer<?> container(String image) {
    return new GenericContainer<>(DockerImageName.parse(image));
  }

  /** Binds ports of the host to ports inside; a local engine's only for this host. */
  static void publish(
      GenericContainer<?> container, String host, Map<Integer, Integer> insideByOutside) {
    container.withCreateContainerCmdModifier(
        command -> {
          List<PortBinding> bindings =
              insideByOutside.entrySet().stream().map(each -> binding(host, each)).toList();
          hostConfig(command).withPortBindings(bindings);
          command.withExposedPorts(bindings.stream().map(PortBinding::getExposedPort).toList());
        });
  }

  private static HostConfig hostConfig(CreateContainerCmd command) {
    HostConfig made = command.getHostConfig();
    if (made != null) {
      return made;
    }
    HostConfig fresh = HostConfig.newHostConfig();
    command.withHostConfig(fresh);
    return fresh;
  }

  private static PortBinding binding(String host, Entry<Integer, Integer> insideByOutside) {
    int outside = insideByOutside.getKey();
    Binding where =
        isLoopback(host) ? Binding.bindIpAndPort("127.0.0.1", outside) : Binding.bindPort(outside);
    return new PortBinding(where, ExposedPort.tcp(insideByOutside.getValue()));
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
