using System.Text.Json;
using Lowrank.Training;
using static TorchSharp.torch;

namespace Goldens;

/// <summary>Batches of the paper's rows by their numbers, each as long as the data set's rows are.</summary>
sealed class PaperBatches(IReadOnlyList<LearnedRow> rows, IReadOnlyList<int[]> batches, int length) : ILanguageBatches
{
    /// <summary>Those that a case lists.</summary>
    public static PaperBatches Of(JsonElement json, JsonElement listed, bool joint)
    {
        int length = json.GetProperty("seq_len").GetInt32();
        var rows = json.GetProperty("rows").EnumerateArray().Select(row =>
            new PaperRow(RowsFixture.Ids(row.GetProperty("context")), RowsFixture.Ids(row.GetProperty("completion"))).Row(length, joint));
        return new([.. rows], [.. listed.EnumerateArray().Select(batch => RowsFixture.Ids(batch).ToArray())], length);
    }

    public int PerEpoch => batches.Count;

    public LanguageExamples this[long number]
    {
        get
        {
            var made = new RowCollator(0).Stacked([.. batches[(int)number].Select(row => rows[row])], length);
            return new(made with { Mask = ones_like(made.Mask) });   // the paper's code has no mask of pads
        }
    }

    public double CountedTokens(long number) => batches[(int)number].Sum(row => rows[row].Counted);
}
