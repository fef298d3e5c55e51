// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Asks a proxy for its certificate before the client does, so that a wrong one is told at once and
 * in words: the client itself would only see a broken connection, and try again.
 */
final class ServerProof {
  private static final String TRY = "; ssl.verify=false accepts any certificate, for tests only";

  private final SSLContext context;
  private final int timeoutMillis;

  ServerProof(TrustManagerFactory trusted, Duration timeout) {
    try {
      context = SSLContext.getInstance("TLS");
      context.init(null, trusted.getTrustManagers(), null);
    } catch (GeneralSecurityException e) {
      throw new TransportException(Verdict.REFUSED, "This JVM has no TLS: " + e.getMessage(), e);
    }
    timeoutMillis = Math.toIntExact(Math.min(timeout.toMillis(), Integer.MAX_VALUE));
  }

  /**
   * Shakes hands with a host and closes.
   *
   * @param address {@code host:port}, an IPv6 host in brackets
   * @throws TransportException REFUSED if it does not prove to be this host
   * @throws IOException if it cannot be reached
   */
  void demand(String address) throws IOException {
    int colon = address.lastIndexOf(':');
    String host = address.substring(0, colon).replace("[", "").replace("]", "");
    int port = Integer.parseInt(address.substring(colon + 1));
    try (Socket plain = new Socket()) {
      plain.connect(new InetSocketAddress(host, port), timeoutMillis);
      plain.setSoTimeout(timeoutMillis);
      try (Socket socket = context.getSocketFactory().createSocket(plain, host, port, true)) {
        SSLSocket tls = (SSLSocket) socket;
        SSLParameters parameters = tls.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        parameters.setApplicationProtocols(new String[] {"h2"});
        tls.setSSLParameters(parameters);
        tls.startHandshake();
      } catch (SSLException e) {
        throw new TransportException(
            Verdict.REFUSED, "RocketMQ at %s %s".formatted(address, said(e)), e);
      }
    }
  }

  private static String said(SSLException failure) {
    CertificateExpiredException expired = find(failure, CertificateExpiredException.class);
    if (expired != null) {
      return "has a certificate that expired (" + expired.getMessage() + "): renew it there";
    }
    CertificateNotYetValidException early = find(failure, CertificateNotYetValidException.class);
    if (early != null) {
      return "has a certificate that is not valid yet (" + early.getMessage() + ")";
    }
    if (RocketVerdicts.provesNoTrust(failure)) {
      CertificateException other = find(failure, CertificateException.class);
      String text = String.valueOf((other == null ? failure : other).getMessage());
      return text.contains("certification path") || text.contains("trustAnchors")
          ? "has a certificate of an authority that is not trusted here ("
              + text
              + "): name the authority's certificate by ssl.trust.store"
              + TRY
          : "has a certificate that is not for this host, or not in order (" + text + ")" + TRY;
    }
    return String.valueOf(failure.getMessage()).contains("unrecognized SSL message")
        ? "does not speak TLS: name the gRPC port of a proxy, 8081 by default, or set ssl=false"
        : "broke off the TLS handshake: " + failure.getMessage();
  }

  private static <T extends Throwable> @Nullable T find(Throwable failure, Class<T> type) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (type.isInstance(at)) {
        return type.cast(at);
      }
    }
    return null;
  }
}
