// SPDX-License-Identifier: Apache-2.0
package io.bowline.codec.jackson;

import io.bowline.message.Codec;
import io.bowline.message.Received;
import io.bowline.message.Undecodable;
import java.util.Objects;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.exc.InvalidDefinitionException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Values of one type as JSON in UTF-8, {@code application/json}.
 *
 * <p>With {@linkplain #mapper() the mapper of this class} unknown properties are skipped, so that a
 * newer producer may add some; everything else that does not fit is {@link Undecodable}: a missing
 * number, a text where a number should be, a fraction for a whole number, an unknown enum constant,
 * {@code null} for the whole value. Times of {@code java.time} are ISO 8601 texts. A body never
 * says which class to make of it, unless the type's own annotations ask for that.
 *
 * <p>No error shows a part of the body: Jackson's own messages quote values, so they are not passed
 * on, nor are what constructors throw. They tell the type, line, column and the path, in which
 * names that are not the type's own, such as a map's keys, stand as {@code *}.
 *
 * <p>Immutable and thread-safe. Make one for a type and keep it.
 *
 * @param <T> the type of the values, without null
 */
public final class JacksonCodec<T> implements Codec<T> {
  private static final JsonMapper SAFE = SafeMapper.build();

  private final JavaType type;
  private final ObjectReader reader;
  private final ObjectWriter writer;
  private final Faults faults;

  private JacksonCodec(JavaType type, JsonMapper mapper) {
    JsonMapper silent =
        mapper.rebuild().disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION).build();
    this.type = type;
    this.reader = silent.readerFor(type);
    this.writer = silent.writerFor(type);
    this.faults = new Faults(type, silent);
    checkDefinition();
  }

  /**
   * A codec for a class.
   *
   * @throws IllegalArgumentException if Jackson cannot make sense of the class
   */
  public static <T> JacksonCodec<T> of(Class<T> type) {
    return of(type, SAFE);
  }

  /**
   * A codec for a type with parameters: {@code of(new TypeReference<List<Order>>() {})}.
   *
   * @throws IllegalArgumentException if Jackson cannot make sense of the type
   */
  public static <T> JacksonCodec<T> of(TypeReference<T> type) {
    return of(type, SAFE);
  }

  /**
   * A codec for a class, by a mapper of your own: what it accepts and writes is then yours to
   * decide, and to keep compatible. Of its settings only the source in error locations is changed,
   * to off.
   *
   * @throws IllegalArgumentException if Jackson cannot make sense of the class
   */
  public static <T> JacksonCodec<T> of(Class<T> type, JsonMapper mapper) {
    return new JacksonCodec<>(mapper.constructType(Objects.requireNonNull(type)), mapper);
  }

  /**
   * A codec for a type with parameters, by a mapper of your own; see {@link #of(Class,
   * JsonMapper)}.
   *
   * @throws IllegalArgumentException if Jackson cannot make sense of the type
   */
  public static <T> JacksonCodec<T> of(TypeReference<T> type, JsonMapper mapper) {
    return new JacksonCodec<>(mapper.constructType(Objects.requireNonNull(type)), mapper);
  }

  /**
   * The mapper that is used if none is given; immutable. For other settings on top of these: {@code
   * mapper().rebuild()}.
   */
  public static JsonMapper mapper() {
    return SAFE;
  }

  /** Reads a null, which needs the type's definition and makes no object. */
  private void checkDefinition() {
    try {
      Object unused = reader.readValue("null");
    } catch (InvalidDefinitionException undefined) {
      throw new IllegalArgumentException(
          "Jackson cannot read or write " + type.toCanonical() + " as it is defined", undefined);
    } catch (JacksonException refused) {
      // That it refuses a null is as it should be.
    }
  }

  @Override
  public String contentType() {
    return ContentTypes.JSON;
  }

  @Override
  public byte[] encode(T value) {
    Objects.requireNonNull(value, "value");
    try {
      return writer.writeValueAsBytes(value);
    } catch (JacksonException failure) {
      throw faults.unwritable(failure);
    }
  }

  @Override
  public T decode(Received message) {
    String given = message.headers().get(CONTENT_TYPE);
    if (given != null && !ContentTypes.mayBeJson(given)) {
      throw new Undecodable(message, faults.foreign(given));
    }
    T value;
    try {
      value = reader.readValue(message.body());
    } catch (InvalidDefinitionException undefined) {
      throw faults.undefined(undefined);
    } catch (JacksonException failure) {
      throw new Undecodable(message, faults.unreadable(failure));
    }
    if (value == null) {
      throw new Undecodable(message, faults.isNull());
    }
    return value;
  }

  @Override
  public String toString() {
    return "JacksonCodec of " + type.toCanonical();
  }
}
