package io.backprop.openinference;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DataTypeTests {

    @ParameterizedTest
    @CsvSource({
        "UINT8, 0, 255",
        "UINT16, 0, 65535",
        "UINT32, 0, 4294967295",
        "UINT64, 0, 18446744073709551615",
        "INT8, -128, 127",
        "INT16, -32768, 32767",
        "INT32, -2147483648, 2147483647",
        "INT64, -9223372036854775808, 9223372036854775807"
    })
    void integersHaveTheRangeOfTheirBits(DataType type, BigInteger minimum, BigInteger maximum) {
        assertThat(type.minimum()).isEqualTo(minimum);
        assertThat(type.maximum()).isEqualTo(maximum);
        for (BigInteger limit : new BigInteger[] {minimum, maximum}) {
            for (long distance = -1; distance <= 1; distance++) {
                BigInteger value = limit.add(BigInteger.valueOf(distance));
                boolean isInRange = value.compareTo(minimum) >= 0 && value.compareTo(maximum) <= 0;
                if (value.bitLength() < Long.SIZE) {
                    assertThat(type.contains(value.longValueExact()))
                            .as("%s %s", type, value)
                            .isEqualTo(isInRange);
                }
                if (value.bitLength() <= 53) {
                    assertThat(type.contains(value.doubleValue())).isEqualTo(isInRange);
                }
            }
        }
    }

    @Test
    void integersAreWhole() {
        assertThat(DataType.INT8.contains(1.5)).isFalse();
        assertThat(DataType.INT8.contains(-0.0)).isTrue();
        assertThat(DataType.UINT64.contains(0x1p64)).isFalse();
        assertThat(DataType.UINT64.contains(0x1p63)).isTrue();
        assertThat(DataType.INT64.contains(0x1p63)).isFalse();
        assertThat(DataType.INT64.contains(Double.NaN)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "FP16, 65519.99, true",
        "FP16, -65520, false",
        "BF16, 3.4e38, true",
        "FP32, 3.4028235e38, true",
        "FP32, 3.5e38, false",
        "FP64, 1e308, true",
        "FP64, NaN, false",
        "FP64, Infinity, false"
    })
    void floatingPointNumbersRoundToFiniteOnes(DataType type, double value, boolean isContained) {
        assertThat(type.contains(value)).isEqualTo(isContained);
    }

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"BOOL", "BYTES"})
    void othersContainNoNumbers(DataType type) {
        assertThat(type.isNumeric()).isFalse();
        assertThat(type.contains(1)).isFalse();
        assertThat(type.contains(1.0)).isFalse();
    }
}
