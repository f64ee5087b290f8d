using System.Text.Json;

namespace Lowrank.Formats.Tests;

/// <summary>People are told of JSON's faults by line and byte, counted from 1.</summary>
public class JsonFaultTests
{
    [Fact]
    public void TheLineAndTheByteStandInFrontAndNoWordOfTheReaderBehind()
    {
        var fault = Assert.ThrowsAny<JsonException>(() => StrictJson.Parse("{\n  ,\n}"));
        string text = JsonFault.Of(fault);
        Assert.StartsWith("line 2, byte 3: ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("LineNumber", text, StringComparison.Ordinal);
    }

    [Fact]
    public void OtherFaultsKeepTheirWords() => Assert.Equal("gone", JsonFault.Of(new IOException("gone")));
}
