namespace Lowrank.Language.Tests;

public class ByteFallbackDecoderTests
{
    [Theory]
    [InlineData(false, "\ufffd\ufffd\ufffda"), InlineData(true, "\u00e9\ufffda")]
    public void BytesThatAreNoTextAreShown(bool keepsValid, string expected) =>
        Assert.Equal(expected, string.Concat(new ByteFallbackDecoder(keepsValid).Decode(["<0xC3>", "<0xA9>", "<0xFF>", "a"])));

    [Fact]
    public void OnlyTwoHexDigitsMakeAByte() =>
        Assert.Equal(["<0x1>", "<0xG0>", "A"], new ByteFallbackDecoder().Decode(["<0x1>", "<0xG0>", "<0x41>"]));
}
