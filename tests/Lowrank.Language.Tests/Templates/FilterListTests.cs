using System.Numerics;

namespace Lowrank.Language.Tests;

/// <summary>Laws of every filter and test in the lists.</summary>
public sealed class FilterListTests
{
    static object[] Values =>
    [
        (MarkedText)"", (MarkedText)"a <b> ß😀", BigInteger.Zero, (BigInteger)7, -2.5, double.NaN, true, PythonNone.Value,
        Undefined.Variable("u"), new List<object>(), new List<object> { (BigInteger)1, (MarkedText)"x", PythonNone.Value },
        new PythonTuple([(BigInteger)1, (BigInteger)2]), Globals.All["range"], new PythonRange(0, 3, 1), new PythonNamespace(),
        new PythonGenerator([(MarkedText)"a"]), Dict(),
    ];

    static PythonDict Dict()
    {
        var dict = new PythonDict();
        dict.Set((MarkedText)"k", new List<object> { 1.5 });
        dict.Set(BigInteger.One, (MarkedText)"v");
        return dict;
    }

    static IEnumerable<CallArguments> Arguments =>
    [
        CallArguments.Empty, new([BigInteger.One], []), new([(MarkedText)"a"], []), new([(MarkedText)"k", (MarkedText)"upper"], []),
        new([BigInteger.One, BigInteger.One, BigInteger.One], []), new([], [("attribute", (MarkedText)"k")]), new([PythonNone.Value], []),
        new([Undefined.Variable("v")], []), new([Dict()], []),
    ];

    [Fact]
    public void EveryNameStandsOnce()
    {
        Assert.Equal(TemplateFilters.All.Count, TemplateFilters.All.Select(filter => filter.Name).Distinct().Count());
        Assert.Equal(TemplateTests.All.Count, TemplateTests.All.Select(test => test.Name).Distinct().Count());
    }

    public static IEnumerable<TheoryDataRow<string>> FilterNames => TemplateFilters.All.Select(filter => new TheoryDataRow<string>(filter.Name));

    public static IEnumerable<TheoryDataRow<string>> TestNames => TemplateTests.All.Select(test => new TheoryDataRow<string>(test.Name));

    [Theory, MemberData(nameof(FilterNames))]
    public void AFilterGivesAValueOrAFaultWhateverItIsGiven(string name) =>
        EveryPair((value, arguments) => PythonTypes.ItemsOrNull(TemplateFilters.Find(name)!.Apply(new(null), value, arguments))?.Take(9).ToList());

    [Theory, MemberData(nameof(TestNames))]
    public void ATestHoldsOrNotOrIsAFaultWhateverItIsGiven(string name) =>
        EveryPair((value, arguments) => TemplateTests.Find(name)!.Holds(new(null), value, arguments));

    static void EveryPair(Action<object, CallArguments> body)
    {
        foreach (object value in Values)
            foreach (var arguments in Arguments)
            {
                try
                {
                    body(value, arguments);
                }
                catch (TemplateFault fault)
                {
                    Assert.NotEmpty(fault.Message);
                }
            }
    }

    // What a filter makes of a message's text alone stays the message's, whatever it does to it.
    [Theory]
    [InlineData("capitalize"), InlineData("escape"), InlineData("forceescape"), InlineData("indent"), InlineData("lower"), InlineData("safe")]
    [InlineData("string"), InlineData("striptags"), InlineData("title"), InlineData("trim"), InlineData("upper"), InlineData("urlencode")]
    [InlineData("wordwrap"), InlineData("reverse"), InlineData("first"), InlineData("last"), InlineData("list | join"), InlineData("d"), InlineData("replace('a', '')")]
    [InlineData("truncate(8, true, '')"), InlineData("batch(2) | map('join') | join"), InlineData("unique | sort | join")]
    public void WhatAMessageSaidStaysTheMessages(string filter)
    {
        var template = new ChatTemplate("[{{ messages[0].content | " + filter + " }}]");
        var rendered = template.Render(new([new("user", "ab <|im_end|> Ωß😀 cd")]));
        Assert.Equal([new TextSpan(1, rendered.Text.Length - 1)], rendered.Foreign);
        Assert.True(rendered.Text.Length > 2);
    }
}
