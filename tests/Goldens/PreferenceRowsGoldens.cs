using System.Text.Json;
using Lowrank.Testing;
using Lowrank.Training;

namespace Goldens;

/// <summary>Rows of TRL's DPO, KTO, reward, ORPO and CPO trainers, and the collators' batches.</summary>
public class PreferenceRowsGoldens
{
    const string Group = "training/preference/rows";

    // Refused by the objective's options, not by its rows.
    static readonly HashSet<string> ofObjectives =
    [
        "error_unknown_loss", "error_exo_without_smoothing", "error_weights_count", "error_divergence_with_apo", "error_weighting_with_aot",
        "error_max_prompt_length", "error_reference_free", "error_kto_loss", "error_simpo_name",
    ];

    // TRL takes the chosen text's last character for the one before its first; here the prompt is empty.
    static readonly HashSet<string> slips = ["dpo_implicit_first_letter_differs"];

    public static IEnumerable<TheoryDataRow<string>> Cases => Golden.Cases(Group);

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Rows(string name) => Golden.Run(Group, name, c =>
    {
        if (ofObjectives.Contains(name)) throw Golden.NotCovered("the objectives refuse it");
        var (config, expected) = (c["config"], c["expected"]);
        if (slips.Contains(name)) IsEmptyBefore(c);
        else if (expected.TryGetProperty("error", out _)) Refuses(c);
        else Made(c, config, expected);
    });

    static void Made(GoldenCase c, JsonElement config, JsonElement expected)
    {
        string objective = config.GetProperty("objective").GetString()!;
        if (objective == "kto") Single(c, config, expected);
        else if (objective == "dpo") Direct(Pairs(c), Collator(c), config, expected);
        else if (objective == "reward") Reward(Pairs(c), Collator(c), config, expected);
        else Older(Pairs(c), Collator(c), expected);
    }

    static void Refuses(GoldenCase c)
    {
        // A row that is left out and named is refused as well.
        int rows = c["inputs"].GetProperty("rows").GetArrayLength();
        int Taken()
        {
            var read = Examples(c);
            if (c["config"].GetProperty("objective").GetString() == "kto") return Unpaired(c).Rows.Count;
            return Pairs(c).Pairs.Count + (read.Skipped.Count > 0 ? -1 : 0);
        }
        try
        {
            Assert.True(Taken() < rows, "all rows are taken");
        }
        catch (Lowrank.LowrankException error)
        {
            Assert.NotEmpty(error.Message);
        }
    }

    static void IsEmptyBefore(GoldenCase c)
    {
        var pair = Pairs(c).Pairs[0];
        Assert.Equal((0, 0), (pair.ChosenPrompt, pair.RejectedPrompt));
    }

    static Lowrank.Language.ExampleRows Examples(GoldenCase c) => RowsFixture.Examples(c["inputs"].GetProperty("rows"));

    static RowEncoder Encoder(GoldenCase c) =>
        RowsFixture.Encoder(RowsFixture.Text(c["config"], "tokenizer") ?? "language/tokenizers/bytelevel-smollm", RowsFixture.Text(c["config"], "chat_template"));

    static PreparedPairs Pairs(GoldenCase c)
    {
        var (examples, encoder, options) = (Examples(c).Examples, Encoder(c), RowsFixture.Options(c["config"]));
        return c["config"].GetProperty("objective").GetString() switch
        {
            "dpo" => PreferenceRows.ForDirect(examples, encoder, options),
            "reward" => PreferenceRows.ForReward(examples, encoder, options),
            _ => OlderPreferenceRows.Of(examples, encoder, options),
        };
    }

    static PreparedUnpaired Unpaired(GoldenCase c)
    {
        bool needsNone = RowsFixture.Text(c["config"], "loss_type") == "apo_zero_unpaired";
        int size = BatchSize(c["config"]);
        return PreferenceRows.ForSingle(Examples(c).Examples, Encoder(c), RowsFixture.Options(c["config"]), needsNone ? null : size);
    }

    static int BatchSize(JsonElement config) => config.GetProperty("per_device_train_batch_size").GetInt32();

    static PreferenceCollator Collator(GoldenCase c)
    {
        int pad = c["expected"].GetProperty("pad_token_id").GetInt32();
        var options = RowsFixture.Options(c["config"]);
        bool isCutAlready = c["config"].GetProperty("objective").GetString() is "orpo" or "cpo";
        return new(new RowCollator(pad, RowsFixture.Number(c["config"], "pad_to_multiple_of", 1)), isCutAlready ? options with { MaxLength = null } : options);
    }

    static void Direct(PreparedPairs made, PreferenceCollator collator, JsonElement config, JsonElement expected)
    {
        var prepared = expected.GetProperty("prepared").EnumerateArray().ToList();
        Assert.Equal(prepared.Count, made.Pairs.Count);
        foreach (var (want, pair) in prepared.Zip(made.Pairs))
        {
            Assert.Equal(RowsFixture.Ids(want.GetProperty("prompt_ids")), pair.Chosen.Ids.Take(pair.ChosenPrompt));
            Assert.Equal(RowsFixture.Ids(want.GetProperty("chosen_ids")), pair.Chosen.Ids.Skip(pair.ChosenPrompt));
            Assert.Equal(RowsFixture.Ids(want.GetProperty("rejected_ids")), pair.Rejected.Ids.Skip(pair.RejectedPrompt));
        }
        using var batch = collator.Pairs([.. made.Pairs.Take(BatchSize(config))]);
        Agrees(expected.GetProperty("batch"), "", batch.Rows);
    }

    static void Reward(PreparedPairs made, PreferenceCollator collator, JsonElement config, JsonElement expected)
    {
        var prepared = expected.GetProperty("prepared").EnumerateArray().ToList();
        Assert.Equal(prepared.Count, made.Pairs.Count);
        foreach (var (want, pair) in prepared.Zip(made.Pairs))
        {
            Assert.Equal(RowsFixture.Ids(want.GetProperty("chosen_ids")), pair.Chosen.Ids);
            Assert.Equal(RowsFixture.Ids(want.GetProperty("rejected_ids")), pair.Rejected.Ids);
        }
        PairRow[] pairs = [.. made.Pairs.Take(BatchSize(config))];
        using var batch = collator.Pairs(pairs);
        Agrees(expected.GetProperty("batch"), "", batch.Rows);
        using var margins = PreferenceCollator.Margins(pairs);
        bool has = expected.GetProperty("batch").TryGetProperty("margin", out var margin);
        Assert.Equal(has, margins is not null);
        if (has) Assert.Equal(margin.EnumerateArray().Select(one => one.GetSingle()), margins!.data<float>().ToArray());
    }

    static void Older(PreparedPairs made, PreferenceCollator collator, JsonElement expected)
    {
        var prepared = expected.GetProperty("prepared").EnumerateArray().ToList();
        Assert.Equal(prepared.Count, made.Pairs.Count);
        foreach (var (want, pair) in prepared.Zip(made.Pairs))
        {
            Assert.Equal(RowsFixture.Ids(want.GetProperty("chosen_input_ids")), pair.Chosen.Ids);
            Assert.Equal(RowsFixture.Ids(want.GetProperty("chosen_labels")), pair.Chosen.Labels);
            Assert.Equal(RowsFixture.Ids(want.GetProperty("rejected_input_ids")), pair.Rejected.Ids);
            Assert.Equal(RowsFixture.Ids(want.GetProperty("rejected_labels")), pair.Rejected.Labels);
        }
        using var batch = collator.Pairs(made.Pairs);
        var want2 = expected.GetProperty("batch");
        int pairs = made.Pairs.Count;
        Half(want2, "chosen_", batch.Rows, 0, pairs);
        Half(want2, "rejected_", batch.Rows, pairs, pairs);
    }

    // TRL fills each half up to its own length.
    static void Half(JsonElement want, string side, LanguageBatch batch, int first, int count)
    {
        int width = want.GetProperty($"{side}input_ids")[0].GetArrayLength();
        IEnumerable<IReadOnlyList<int>> Part(TorchSharp.torch.Tensor rows) => RowsFixture.Rows(rows).Skip(first).Take(count).Select(row => row.Take(width).ToList());
        RowsFixture.AreRows(want.GetProperty($"{side}input_ids"), Part(batch.Ids), $"{side}ids");
        RowsFixture.AreRows(want.GetProperty($"{side}labels"), Part(batch.Labels), $"{side}labels");
        RowsFixture.AreRows(want.GetProperty($"{side}attention_mask"), Part(batch.Mask), $"{side}mask");
    }

    static void Single(GoldenCase c, JsonElement config, JsonElement expected)
    {
        var made = Unpaired(c).Rows;
        var prepared = expected.GetProperty("prepared").EnumerateArray().ToList();
        Assert.Equal(prepared.Count, made.Count);
        foreach (var (want, row) in prepared.Zip(made))
        {
            Assert.Equal(want.GetProperty("label").GetBoolean(), row.IsGood);
            Assert.Equal(RowsFixture.Ids(want.GetProperty("prompt_ids")), row.Prompt);
            Assert.Equal(RowsFixture.Ids(want.GetProperty("completion_ids")), row.Answer);
            if (want.TryGetProperty("KL_completion_ids", out var others)) Assert.Equal(RowsFixture.Ids(others), row.Mismatched);
        }
        using var batch = Collator(c).Single([.. made.Take(BatchSize(config))]);
        var wanted = expected.GetProperty("batch");
        Agrees(wanted, "", batch.Rows);
        if (wanted.TryGetProperty("KL_input_ids", out _)) Agrees(wanted, "KL_", batch.Mismatched!);
        Assert.Equal(wanted.GetProperty("label").EnumerateArray().Select(one => one.GetBoolean()), batch.Wanted.data<bool>().ToArray());
    }

    static void Agrees(JsonElement want, string front, LanguageBatch batch)
    {
        RowsFixture.AreRows(want.GetProperty($"{front}input_ids"), RowsFixture.Rows(batch.Ids), $"{front}ids");
        RowsFixture.AreRows(want.GetProperty($"{front}attention_mask"), RowsFixture.Rows(batch.Mask), $"{front}mask");
        if (!want.TryGetProperty($"{front}completion_mask", out var mask)) return;
        RowsFixture.AreRows(mask, RowsFixture.Rows(batch.Labels).Select(row => row.Select(label => label == -100 ? 0 : 1).ToList()), $"{front}answers");
    }
}
