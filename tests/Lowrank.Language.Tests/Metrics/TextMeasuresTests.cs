namespace Lowrank.Language.Tests;

/// <summary>Laws of the list of measures.</summary>
public class TextMeasuresTests
{
    static readonly string[] references =
    [
        "The old mill by the river serves Italian food.", "It is a cheap coffee shop near the bridge.", "Families are welcome at The Vaults, a quiet pub.",
    ];

    public static IEnumerable<TheoryDataRow<string>> Names => TextMeasures.All.Select(measure => new TheoryDataRow<string>(measure.Name));

    [Fact]
    public void NamesDiffer() => Assert.Equal(TextMeasures.All.Count, TextMeasures.All.Select(measure => measure.Name).Distinct().Count());

    [Theory, MemberData(nameof(Names))]
    public void WhatEqualsAReferenceIsBetterThanWhatIsCut(string name)
    {
        var measure = TextMeasures.Named(name);
        double whole = measure.Of(Rows(text => text)), cut = measure.Of(Rows(text => text[..(text.Length / 2)]));
        Assert.True(measure.LowerIsBetter ? whole < cut : whole > cut, $"whole {whole}, cut {cut}");
    }

    [Theory, MemberData(nameof(Names))]
    public void TheOrderOfRowsMakesNoDifference(string name)
    {
        var measure = TextMeasures.Named(name);
        var rows = Rows(text => text[(text.Length / 3)..]);
        Assert.Equal(measure.Of(rows), measure.Of([.. rows.AsEnumerable().Reverse()]), 1e-12);
    }

    [Theory, MemberData(nameof(Names))]
    public void AReferenceMoreNeverHurtsWhatEqualsTheFirst(string name)
    {
        // NIST and CIDEr weigh words by how often all references have them.
        if (name.StartsWith("nist", StringComparison.Ordinal) || name == "cider" || name == "ter") return;
        var measure = TextMeasures.Named(name);
        var more = Rows(text => text).Select(row => row with { References = [.. row.References, "Nothing of this."] }).ToList();
        Assert.Equal(measure.Of(Rows(text => text)), measure.Of(more), 1e-9);
    }

    [Fact]
    public void AnUnknownNameIsAnErrorThatListsTheKnown() =>
        Assert.Contains("rouge-l", Assert.Throws<LowrankException>(() => TextMeasures.Named("bleurt")).Message);

    [Fact]
    public void NoTextsAreAnError() => Assert.Contains("no texts", Assert.Throws<LowrankException>(() => E2eBleu.Of([])).Message);

    [Fact]
    public void ARowWithoutAReferenceIsNamed() =>
        Assert.Contains("row 2", Assert.Throws<LowrankException>(() => E2eBleu.Of([new("a", ["a"]), new("b", [])])).Message);

    [Fact]
    public void SpearmanGivesEqualNumbersTheMeanOfTheirRanks() =>
        Assert.Equal(Correlation.Pearson([1, 2.5, 2.5, 4], [1, 2, 3, 4]), Correlation.Spearman([10, 20, 20, 30], [1, 2, 3, 4]), 1e-12);

    [Fact]
    public void LabelsAndPredictionsOfOtherCountsAreRefused() =>
        Assert.Contains("2 labels and 1 predictions", Assert.Throws<LowrankException>(() => new Classification([0, 1], [0])).Message);

    [Fact]
    public void PairsAreRightWhereTheBetterIsLikelier()
    {
        Assert.Equal(0.5, PairAccuracy.Of([(-1, -2), (-3, -3)]));
        var groups = PairAccuracy.ByGroup([("b", -1, -2), ("a", -2, -1), ("b", -4, -5)]);
        Assert.Equal([("a", 0.0), ("b", 1.0)], groups.Select(pair => (pair.Key, pair.Value)));
    }

    static List<ScoredText> Rows(Func<string, string> change) => [.. references.Select(text => new ScoredText(change(text), [text]))];
}
