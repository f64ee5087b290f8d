using TorchSharp;
using static TorchSharp.torch;

namespace Lowrank.Language.Tests;

/// <summary>Log-probabilities of texts that are there.</summary>
public class RowScorerTests
{
    static readonly string[] texts = ["the cat", "abc", "caf\u00e9 and a much longer beginning of it all", "xy"];

    static List<ScoringRow> Rows(LanguageModel model) => [.. texts.Select(text => ScoringRow.From(model.Prompt(text)))];

    static float[][] Scored(LanguageModel model, IReadOnlyList<ScoringRow> rows, int batch, int tokens = 4096) =>
    [
        .. new RowScorer(model.Network) { RowsAtOnce = batch, TokensAtOnce = tokens }.Score(rows).OrderBy(row => row.Row)
            .Select(row => row.LogProbabilities),
    ];

    [Theory, InlineData(2, 4096, null), InlineData(4, 4096, null), InlineData(4, 30, null), InlineData(4, 4096, 3)]
    public void ARowsNumbersAreThoseThatItHasAlone(int batch, int tokens, int? window)
    {
        using var model = TinyModel.Load(window);
        var rows = Rows(model);
        var alone = Scored(model, rows, 1);
        var together = Scored(model, rows, batch, tokens);
        foreach (var (one, other) in alone.Zip(together)) AssertClose(one, other);
    }

    // Sums of float32 in another order.
    static void AssertClose(float[] wanted, float[] got)
    {
        Assert.Equal(wanted.Length, got.Length);
        foreach (var (one, other) in wanted.Zip(got)) Assert.Equal(one, other, 2e-5f);
    }

    [Fact]
    public void TheyAreTheLogSoftmaxOfTheLogitsBefore()
    {
        using var model = TinyModel.Load();
        var row = new ScoringRow(model.Prompt(texts[2]), [1, 4, 9]);
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var ids = tensor([.. row.Ids.Select(id => (long)id)], [1, row.Ids.Count], ScalarType.Int64, CPU);
        var logProbabilities = nn.functional.log_softmax(model.Network.Logits(model.Network.Run(new(ids)).Hidden), -1);
        float[] wanted = [.. row.Counted.Select(place => logProbabilities[0, place - 1, row.Ids[place]].ToSingle())];
        AssertClose(wanted, Scored(model, [row], 1)[0]);
    }

    [Fact]
    public void TokensThatAreTheLikeliestAreCounted()
    {
        using var model = TinyModel.Load();
        var prompt = model.Prompt("abc");
        var written = model.Written("abc", TinyModel.Likeliest(6)).Ids;
        var row = ScoringRow.From([.. prompt, .. written], prompt.Count);
        Assert.Equal(6, Assert.Single(new RowScorer(model.Network).Score([row])).Likeliest);
    }

    [Fact]
    public void ARowThatCountsNothingIsThere()
    {
        using var model = TinyModel.Load();
        Assert.Empty(Assert.Single(new RowScorer(model.Network).Score([new([1], [])])).LogProbabilities);
    }

    [Theory]
    [InlineData(new[] { 1, 999 }, 1, "token 999"), InlineData(new[] { 1, 2 }, 2, "counts token 2"), InlineData(new[] { 1, 2 }, 0, "counts token 0")]
    [InlineData(new[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 4 }, 1, "13 tokens, and the model reads 12")]
    public void RowsThatDoNotFitAreRefusedByNumber(int[] ids, int counted, string told)
    {
        using var model = TinyModel.Load(context: 12);
        var error = Assert.Throws<LowrankException>(() => new RowScorer(model.Network).Score([new([1, 2], [1]), new(ids, [counted])]));
        Assert.Contains("row 2", error.Message);
        Assert.Contains(told, error.Message);
    }

    [Fact]
    public void VirtualTokensBeforeEveryRowAreHeeded()
    {
        using var model = TinyModel.Load();
        var rows = Rows(model);
        var without = Scored(model, rows, 4);
        GenerationLaws.AddPrompt(model, "learnt");
        var (alone, together) = (Scored(model, rows, 1), Scored(model, rows, 4));
        foreach (var (one, other) in alone.Zip(together)) AssertClose(one, other);
        Assert.True(Math.Abs(without[0][0] - alone[0][0]) > 1e-3);
        var written = model.Written("abc", TinyModel.Likeliest(6)).Ids;
        var prompt = model.Prompt("abc");
        Assert.Equal(6, Assert.Single(new RowScorer(model.Network).Score([ScoringRow.From([.. prompt, .. written], prompt.Count)])).Likeliest);
    }

    [Fact]
    public void NoTensorOutlivesAScore()
    {
        using var model = TinyModel.Load();
        var rows = Rows(model);
        LeakGuard.NoTensorLeaks(() => Scored(model, rows, 2));
    }
}
