using System.Numerics;

namespace Lowrank.Graphs.Tests;

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
}
