using Lowrank.Testing;

namespace Lowrank.Diffusion.Tests;

/// <summary>Dynamic prompts beyond the goldens, by what dynamicprompts 0.31.0 makes of them.</summary>
public sealed class DynamicPromptsTests : IDisposable
{
    readonly TemporaryFolder folder = new();
    readonly DynamicPrompts prompts;

    public DynamicPromptsTests()
    {
        Directory.CreateDirectory(folder["nested"]);
        File.WriteAllText(folder["animal.txt"], "fox\nwolf\n# comment\n\nowl\n");
        File.WriteAllText(folder["color.txt"], "red\nblue\n");
        File.WriteAllText(folder["nested/place.txt"], "forest\n__color__ lake\n");
        File.WriteAllText(folder["round.txt"], "a __round__\n");
        prompts = new(Wildcards.Of(folder.Path));
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("{ a | b }", "a ;b ")]
    [InlineData("{2$$|$$a|b}", "a|b;b|a")]
    [InlineData("{-2$$a|b}", "a;b;a,b;b,a")]
    [InlineData("{0-1$$a|b}", ";a;b")]
    [InlineData("{2-1$$a|b|c}", "a;b;c;a,b;a,c;b,a;b,c;c,a;c,b")]
    [InlineData("{a|a}", "a")]
    [InlineData("{2:: a}", " a")]
    [InlineData("{a::b|c}", "a::b;c")]
    [InlineData("{-.5::a}", "a")]
    [InlineData("{@a|b} x {@a|b} {p|q}", "b x a p;b x a q")]
    [InlineData("{@a|b}{@c|d}{x|y}", "acx;bdy")]
    [InlineData("{!a|b}{c|d}", "ac;ad;bc;bd")]
    [InlineData("___color___", "___color___")]
    [InlineData("__place__", "blue lake;red lake;forest")]
    [InlineData("__[ac]olor__", "blue;red")]
    [InlineData("__colo?__", "blue;red")]
    [InlineData("__!color__ __@animal__", "blue fox;red owl")]
    [InlineData("__co{lo|xo}r__", "blue;red")]
    [InlineData("${c=color}__${c}__", "blue;red")]
    [InlineData("__${c:color}__", "blue;red")]
    [InlineData("${v?=c}${v}", "c")]
    [InlineData("${v={a|b}}${v?=c}${v}", "c")]
    [InlineData("${v=!__color__} ${v}", " blue")]
    [InlineData("%{x {a|b} ... y$$z}", "x a z y;x b z y")]
    [InlineData("%{a … b$$c}", "a c b")]
    [InlineData("%{a$$c}", "ac")]
    [InlineData("{a|b}  /* x */  c", "a  c;b  c")]
    [InlineData("{a|b} # c {d|e}", "a;b")]
    [InlineData("{a#x\n|b}", "a \n;b")]
    [InlineData("http://x", "http://x")]
    [InlineData("{2$$__color__|x}", "blue,x;red,x;x,blue;x,red")]
    [InlineData("{1-2$$__color__}", "blue;red;blue,red;red,blue")]
    [InlineData("{2$$a|b|c|a}", "a,b;a,c;b,a;b,c;c,a;c,b")]
    [InlineData("[a:{b|c}:0.5]", "[a:b:0.5];[a:c:0.5]")]
    [InlineData("{}", "")]
    [InlineData("{2$$a|a}", null)]
    public void AllIsWhatTheLibraryMakes(string prompt, string? outcomes) =>
        Assert.Equal(outcomes?.Split(';') ?? [], prompts.All(prompt, outcomes?.Split(';').Length ?? 5).Prompts);

    [Theory]
    [InlineData("a {b", "line 1, column 3")]
    [InlineData("a\n{b", "line 2, column 1")]
    [InlineData("50% grey", "line 1, column 3")]
    [InlineData("a $ b", "a variable begins here")]
    [InlineData("a __none", "begin a wildcard")]
    [InlineData("${w}", "variable w has no value")]
    [InlineData("${v=${v}}${v}", "stands for itself")]
    [InlineData("${v=a}", "says nothing besides")]
    [InlineData("x {2$$a|a}", "Nothing comes of")]
    [InlineData("__round__", "name each other without end")]
    [InlineData("{2$$__none__|{__none__|__none__}}", "Nothing comes of")]
    public void WhatCannotBeReadIsNamedWithItsPlace(string prompt, string fault) =>
        Assert.Contains(fault, Assert.Throws<LowrankException>(() => prompts.All(prompt, 20)).Message);

    [Fact]
    public void ThousandsOfBracketsAreAnErrorToo() =>
        Assert.Contains("deeper", Assert.Throws<LowrankException>(() => prompts.All(new string('{', 20_000), 1)).Message);

    [Fact]
    public void AWildcardThatNobodyHasStaysAndIsNamed()
    {
        var outcome = prompts.All("a __none__ {x|y}", 3);
        Assert.Equal(["a __none__ x", "a __none__ y", "a __none__ x"], outcome.Prompts);
        Assert.Equal(["none"], outcome.Missing);
        Assert.Equal(["none"], prompts.Draw("a __none__", 1).Missing);
    }

    [Fact]
    public void OneIsDrawnByItsSeed()
    {
        const string prompt = "{a|b|c} __animal__ {2$$x|y|z}, ${v={p|q}}${v}";
        string[] drawn = [.. Enumerable.Range(0, 300).Select(seed => prompts.Draw(prompt, seed).Prompts.Single())];
        Assert.Equal(drawn, Enumerable.Range(0, 300).Select(seed => prompts.Draw(prompt, seed).Prompts.Single()));
        var all = prompts.All(prompt, 1000).Prompts;
        Assert.Equal(3 * 3 * 6 * 2, all.Count);
        Assert.Subset(all.ToHashSet(), drawn.ToHashSet());
        Assert.True(drawn.Distinct().Count() > 80);
    }

    [Fact]
    public void HeavierOnesAreDrawnMoreOften()
    {
        int heavy = Enumerable.Range(0, 1000).Count(seed => prompts.Draw("{3::a|1::b}", seed).Prompts.Single() == "a");
        Assert.InRange(heavy, 700, 800);
    }

    [Fact]
    public void JsonFilesThatHoldNoListsAreToldAndTheOthersRead()
    {
        File.WriteAllText(folder["cut.json"], "{\"a\":");
        File.WriteAllText(folder["plain.json"], "[1, 2]");
        var wildcards = Wildcards.Of(folder.Path);
        Assert.Contains("animal", wildcards.Names);
        Assert.Equal(2, wildcards.Unread.Count);
        Assert.StartsWith("cut.json holds no lists of words (", wildcards.Unread[0]);
        Assert.StartsWith("plain.json holds no lists of words (", wildcards.Unread[1]);
    }

    [Fact]
    public void ListsOfJsonHaveTheirKeysForNames()
    {
        File.WriteAllText(folder["more.json"], """{"light": {"warm": ["2::sun", "lamp", {"text": "fire", "weight": 3}], "cold": "moon"}, "odd": [5]}""");
        File.WriteAllText(folder["notes.md"], "x");
        var wildcards = Wildcards.Of(folder.Path);
        Assert.Equal(["animal", "color", "light/cold", "light/warm", "nested/place", "odd", "round"], wildcards.Names);
        Assert.Equal([new("fire", 3), new("lamp"), new("sun", 2)], wildcards.Values("light/warm"));
        Assert.Equal(["5 of odd is no text", "notes.md is no .txt or .json"], wildcards.Unread);
        Assert.Equal(["fire", "fire", "fire", "lamp", "sun", "sun"], new DynamicPrompts(wildcards).All("__warm__", 9).Prompts);
    }

    [Theory]
    [InlineData("../color")]
    [InlineData("")]
    public void APatternThatLeadsElsewhereNamesNothing(string pattern) => Assert.Empty(Wildcards.Of(folder.Path).Values(pattern));
}
