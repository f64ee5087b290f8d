using System.Numerics;
using Lowrank.Formats;

namespace Lowrank.Graphs.Tests;

public class GraphDraftTests
{
    [Fact]
    public void NumbersOfAnyKindAreThoseOfADocument()
    {
        var draft = new GraphDraft();
        draft.Add("X", ("byte", (byte)1), ("short", (short)-2), ("uint", 3u), ("ulong", ulong.MaxValue), ("big", new BigInteger(5)),
            ("float", 0.8f), ("decimal", 0.25m), ("half", (Half)0.5), ("text", "t"), ("on", true), ("list", new object[] { "1", 2 }), ("sizes", new[] { 4, 5 }));
        const string said = """
            {"1": {"inputs": {"byte": 1, "short": -2, "uint": 3, "ulong": 18446744073709551615, "big": 5, "float": 0.8, "decimal": 0.25, "half": 0.5, "text": "t", "on": true, "list": ["1", 2], "sizes": [4, 5]}, "class_type": "X"}}
            """;
        Assert.Equal(said.Trim(), PythonJson.Write(draft.Graph.Written()));
    }

    [Fact]
    public void ALinkWithAPlainNumberIsALink()
    {
        var graph = new ApiGraph([new("1", "X", new Dictionary<string, object?> { ["image"] = new object[] { "2", 0 } })]);
        Assert.Equal(new GraphLink("2", 0), Assert.Single(graph["1"].Links).Value);
    }

    [Fact]
    public void WhatNoGraphHoldsIsToldWithItsPlace()
    {
        var draft = new GraphDraft();
        Assert.Contains("when of node 1 (X) is a DateTime. A graph holds texts",
            Assert.Throws<LowrankException>(() => draft.Add("X", ("when", DateTime.Now))).Message, StringComparison.Ordinal);
        Assert.Contains("is given a twice", Assert.Throws<LowrankException>(() => draft.Add("X", ("a", 1), ("a", 2))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => draft.Add(null!));
        Assert.Empty(draft.Graph.Nodes);
        Assert.Contains("Two nodes of the graph have the id 1",
            Assert.Throws<LowrankException>(() => new ApiGraph([new("1", "X", new Dictionary<string, object?>()), new("1", "Y", new Dictionary<string, object?>())])).Message, StringComparison.Ordinal);
    }
}
