namespace Lowrank.Diffusion.Tests;

public sealed class StyleSheetTests
{
    static readonly StyleSheet sheet = StyleSheet.Read("name,prompt,negative_prompt\nInk,\"ink of {prompt}, black\",photo\nNight,at night,\n");

    [Fact]
    public void WhatWasAppliedIsTakenOutAgain()
    {
        var (prompt, negative) = sheet.Apply("a fox", "blurry", ["Ink", "Night"]);
        Assert.Equal(("ink of a fox, black, at night", "blurry, photo"), (prompt, negative));
        var (names, rest, negativeRest) = sheet.Extract(prompt, negative);
        Assert.Equal((["Ink", "Night"], "a fox", "blurry"), (names.ToArray(), rest, negativeRest), (a, b) => a.Item1.SequenceEqual(b.Item1) && a.rest == b.rest && a.negativeRest == b.negativeRest);
    }

    [Fact]
    public void AnUnknownStyleIsNamedWithTheNearest() =>
        Assert.Contains("Night", Assert.Throws<LowrankException>(() => sheet.Named(["Nigth"])).Message);

    [Fact]
    public void AFileWithoutTheColumnsSaysWhatItHas()
    {
        var note = Assert.Single(StyleSheet.Read("name;prompt\nA;b\n").Notes);
        Assert.Contains("name;prompt", note);
    }

    [Theory]
    [InlineData("name,prompt,negative_prompt,category\nA,a,b,c\n", "is not read: category.")]
    [InlineData("name,text,prompt,negative_prompt\nA,a,b,c\n", "is not read: text.")]
    [InlineData("name,text,negative_prompt\nA,a,b\n", null)]
    public void ColumnsThatStylesDoNotHaveAreNamed(string text, string? told)
    {
        var notes = StyleSheet.Read(text).Notes;
        if (told is null) Assert.Empty(notes);
        else Assert.EndsWith(told, Assert.Single(notes));
    }

    [Fact]
    public void CellsBeyondTheHeaderAreNamed() =>
        Assert.Contains("\"Long\" has 4 cells", Assert.Single(StyleSheet.Read("name,prompt,negative_prompt\nLong,a,b,c\n").Notes));

    [Fact]
    public void AMissingFileIsNamed() => Assert.Contains("nowhere.csv", Assert.Throws<LowrankException>(() => StyleSheet.ReadFile("nowhere.csv")).Message);

    [Fact]
    public void WordsOfBothSidesMayOverlapAsInTheWebUi()
    {
        var (names, prompt, _) = StyleSheet.Read("name,prompt\nX,aa{prompt}aa\n").Extract("aa", "");
        Assert.Equal(["X"], names);
        Assert.Equal("", prompt);
    }

    [Fact]
    public void AQuoteThatIsNotClosedIsAnErrorWithItsLine() => Assert.Contains(
        "in line 3 a quote begins a value and no other ends it: \"night, {prompt}",
        Assert.Throws<LowrankException>(() => StyleSheet.Read("name,prompt\nInk,ink\nNight,\"night, {prompt}\nDay,day\n")).Message);

    [Fact]
    public void CellsThatAreMissingAndStylesOfOneNameAreTold()
    {
        var sheet = StyleSheet.Read("name,prompt,negative_prompt\nInk,ink\nInk,black ink,grey\n");
        Assert.Equal("black ink", Assert.Single(sheet.Styles).Prompt);
        Assert.Equal(2, sheet.Notes.Count);
        Assert.Contains("taken as empty: negative_prompt", sheet.Notes[0]);
        Assert.Contains("two styles \"Ink\"; the later one is read", sheet.Notes[1]);
    }
}
