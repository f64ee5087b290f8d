using System.Text.Json;
using Lowrank.Testing;
using Lowrank.Training;

namespace Goldens;

/// <summary>Rows of TRL's SFTTrainer, and the collator's batch of all of them.</summary>
public class TextRowsGoldens
{
    const string Newer = "training/sft2/rows", Older = "language/sft", Packs = "training/sft2/packing";

    // Messages of role and content are read under that name too, which TRL refuses.
    static readonly HashSet<string> weDoMore = ["conversations_role_content"];

    // The most tokens of a row in cases that do not tell it.
    const int MaxLength = 64;

    // A fact of TRL's own program: it has a function that formats rows.
    static readonly HashSet<string> notOurs = ["error_formatting_with_completion_only"];

    public static IEnumerable<TheoryDataRow<string>> NewerCases => Golden.Cases(Newer);

    public static IEnumerable<TheoryDataRow<string>> OlderCases => Golden.Cases(Older);

    public static IEnumerable<TheoryDataRow<string>> PackingCases => Golden.Cases(Packs);

    [Theory(SkipTestWithoutData = true), MemberData(nameof(NewerCases)), Trait("kind", "goldens")]
    public void Rows(string name) => Golden.Run(Newer, name, c =>
    {
        var (config, rows, expected) = (c["config"], c["inputs"].GetProperty("rows"), c["expected"]);
        bool refused = expected.TryGetProperty("error", out _);
        PreparedRows Made() => TextRows.Of(RowsFixture.Examples(rows, RowsFixture.Text(config, "dataset_text_field")).Examples,
            RowsFixture.Encoder(RowsFixture.Text(config, "tokenizer")!, RowsFixture.Text(config, "chat_template")), RowsFixture.Options(config, MaxLength));
        if (notOurs.Contains(name)) throw Golden.NotCovered("no function of the user's formats rows here");
        if (refused && !weDoMore.Contains(name)) Assert.Throws<Lowrank.LowrankException>(Made);
        else if (refused) Assert.All(Made().Rows, row => Assert.Equal(row.Ids.Count - 1, row.Counted));
        else Agrees(Made(), RowsFixture.Options(config, MaxLength), expected, RowsFixture.Number(config, "pad_to_multiple_of", 1));
    });

    [Theory(SkipTestWithoutData = true), MemberData(nameof(OlderCases)), Trait("kind", "goldens")]
    public void OlderRows(string name) => Golden.Run(Older, name, c =>
    {
        var whole = c.Group.Json;
        var config = c["options"];
        var options = RowsFixture.Options(config) with { Way = RowWay.TrlByCount };
        if (options is { PaddingFree: true, Packing: RowPacking.None }) options = options with { MaxLength = null };
        var encoder = RowsFixture.Encoder($"language/{whole.GetProperty("tokenizer").GetString()}", $"language/{whole.GetProperty("chat_template").GetString()}");
        var made = TextRows.Of(RowsFixture.Examples(c["rows"]).Examples, encoder, options);
        Agrees(made, options, c.Json, RowsFixture.Number(config, "pad_to_multiple_of", 1));
    });

    static void Agrees(PreparedRows made, RowOptions options, JsonElement expected, int multipleOf)
    {
        var prepared = expected.GetProperty("prepared");
        RowsFixture.AreRows(Field(prepared, "input_ids"), made.Rows.Select(row => row.Ids), "ids");
        if (prepared[0].TryGetProperty("labels", out _)) RowsFixture.AreRows(Field(prepared, "labels"), made.Rows.Select(row => row.Labels), "labels");
        if (prepared[0].TryGetProperty("seq_lengths", out _))
            RowsFixture.AreRows(Field(prepared, "seq_lengths"), made.Rows.Select(row => row.Documents!), "documents");
        var collator = new RowCollator(expected.GetProperty("pad_token_id").GetInt32(), multipleOf);
        using var batch = options.LiesFlat ? collator.Flat(made.Rows) : collator.Stacked(made.Rows);
        var want = expected.GetProperty("batch");
        RowsFixture.AreRows(want.GetProperty("input_ids"), RowsFixture.Rows(batch.Ids), "the batch's ids");
        RowsFixture.AreRows(want.GetProperty("labels"), RowsFixture.Rows(batch.Labels), "the batch's labels");
        if (want.TryGetProperty("attention_mask", out var mask)) RowsFixture.AreRows(mask, RowsFixture.Rows(batch.Mask), "the batch's mask");
        if (!want.TryGetProperty("position_ids", out var positions)) return;
        RowsFixture.AreRows(positions, RowsFixture.Rows(batch.Positions!), "the batch's positions");
        if (want.TryGetProperty("seq_idx", out var documents)) RowsFixture.AreRows(documents, [Numbered(batch)], "the batch's documents");
    }

    // TRL numbers documents from 0, and each token of the filling as one of its own.
    static List<int> Numbered(LanguageBatch batch)
    {
        var numbers = RowsFixture.Rows(batch.Documents!)[0];
        int next = numbers.Max();
        return [.. numbers.Select(number => number > 0 ? number - 1 : next++)];
    }

    static JsonElement Field(JsonElement rows, string name) =>
        JsonSerializer.SerializeToElement(rows.EnumerateArray().Select(row => row.GetProperty(name)).ToArray());

    [Theory(SkipTestWithoutData = true), MemberData(nameof(PackingCases)), Trait("kind", "goldens")]
    public void Packing(string name) => Golden.Run(Packs, name, c =>
    {
        var lengths = c["inputs"].TryGetProperty("lengths", out var given) ? RowsFixture.Ids(given) : [.. Enumerable.Repeat(1, 1003)];
        var packing = RowWords.Packing(c["config"].GetProperty("strategy").GetString()!);
        var packed = RowPacker.Pack(Counting(lengths), packing, c["config"].GetProperty("max_length").GetInt32());
        var expected = c["expected"];
        if (expected.TryGetProperty("rows", out var rows)) RowsFixture.AreRows(Runs(rows), packed.Select(row => row.Ids), "ids");
        if (expected.TryGetProperty("input_ids", out var ids)) RowsFixture.AreRows(ids, packed.Select(row => row.Ids), "ids");
        if (expected.TryGetProperty("seq_lengths", out var documents)) RowsFixture.AreRows(documents, packed.Select(row => row.Documents!), "documents");
        if (expected.TryGetProperty("row_lengths", out var counts)) Assert.Equal(RowsFixture.Ids(counts), packed.Select(row => row.Ids.Count));
        if (expected.TryGetProperty("first_ids", out var firsts)) Assert.Equal(RowsFixture.Ids(firsts), packed.Select(row => row.Ids[0]));
        if (expected.TryGetProperty("tokens", out var tokens)) Assert.Equal(tokens.GetInt32(), packed.Sum(row => row.Ids.Count));
    });

    static List<LearnedRow> Counting(IReadOnlyList<int> lengths)
    {
        var rows = new List<LearnedRow>();
        int next = 0;
        foreach (int length in lengths)
        {
            rows.Add(LearnedRow.Whole([.. Enumerable.Range(next, length)]));
            next += length;
        }
        return rows;
    }

    static JsonElement Runs(JsonElement rows) => JsonSerializer.SerializeToElement(rows.EnumerateArray()
        .Select(row => row.EnumerateArray().SelectMany(run => Enumerable.Range(run[0].GetInt32(), run[1].GetInt32())).ToArray()).ToArray());
}
