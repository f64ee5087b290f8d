using System.Numerics;
using System.Text.Json.Nodes;

namespace Lowrank.Formats.Tests;

public class PythonJsonTests
{
    [Theory]
    [InlineData("""{"b": 1, "a": [1.0, true, null, "x"]}""")]
    [InlineData("""{"seed": 18446744073709551615, "cfg": 1e-05, "text": "caf\u00e9 \u72d0 \ud83e\udd8a \"q\"\nline"}""")]
    public void WhatPythonWroteIsWrittenAgainByteForByte(string text) => Assert.Equal(text, PythonJson.Write(PythonJson.Read(text)));

    [Fact]
    public void WholeNumbersStayApartFromOthers()
    {
        Assert.Equal(new BigInteger(1), PythonJson.Read("1"));
        Assert.Equal(1.0, PythonJson.Read("1.0"));
        Assert.Equal(100.0, PythonJson.Read("1e2"));
    }

    [Fact]
    public void OfANameThatStandsTwiceTheLastCounts() => Assert.Equal("""{"a": 2}""", PythonJson.Write(PythonJson.Read("""{"a": 1, "a": 2}""")));

    [Fact]
    public void NumbersThatJsonHasNotAreReadAndWrittenAsPythonHasThem()
    {
        const string text = """{"a": NaN, "b": [-Infinity, Infinity], "c": "NaN", "d": "say \"Infinity"}""";
        Assert.Equal(double.NaN, ((IReadOnlyDictionary<string, object?>)PythonJson.Read(text)!)["a"]);
        Assert.Equal(text, PythonJson.Write(PythonJson.Read(text)));
    }

    [Fact]
    public void NodesAreWrittenAsValuesAre()
    {
        var node = new JsonObject { ["rank"] = 4, ["alpha"] = 1.0, ["share"] = 0.1f, ["names"] = new JsonArray("é", true, null) };
        Assert.Equal("""{"rank": 4, "alpha": 1.0, "share": 0.1, "names": ["\u00e9", true, null]}""", PythonJson.Write(node));
        Assert.Equal(PythonJson.Write(node), PythonJson.Write(JsonNode.Parse(node.ToJsonString().Replace(":1,", ":1.0,"))));
    }
}
