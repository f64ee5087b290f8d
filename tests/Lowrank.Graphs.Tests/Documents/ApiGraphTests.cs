using Lowrank.Formats;

namespace Lowrank.Graphs.Tests;

public class ApiGraphTests
{
    [Fact]
    public void FieldsThatNobodyReadsAreWrittenAgain()
    {
        const string text = """{"1": {"inputs": {"a": 1}, "class_type": "X", "_meta": {"title": "T", "more": [1]}, "is_changed": ["h"]}}""";
        Assert.Equal(text, PythonJson.Write(ApiGraph.Parse(text).Written()));
    }

    [Theory]
    [InlineData("[1]", "a list")]
    [InlineData("{\"1\": 5}", "Node 1")]
    [InlineData("{", "JSON")]
    public void WhatIsNoGraphIsRefused(string text, string said) =>
        Assert.Contains(said, Assert.Throws<LowrankException>(() => ApiGraph.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void ALinkIsAListOfATextAndANumber()
    {
        Assert.Equal(new GraphLink("1", 2), GraphLink.Of(PythonJson.Read("""["1", 2]""")));
        foreach (string other in new[] { "[1, 2]", """["1"]""", """["1", -1]""", """["1", 2.0]""", """["1", 2, 3]""", "\"1\"" })
            Assert.Null(GraphLink.Of(PythonJson.Read(other)));
    }
}
