using System.Text.Json;
using Lowrank.Language;
using Lowrank.Testing;
using Lowrank.Training;

namespace Goldens;

/// <summary>Rows of LLaMA-Factory and axolotl.</summary>
public class OtherRowsGoldens
{
    const string Group = "training/sft2/other_tools", Smol = "language/tokenizers/bytelevel-smollm";

    public static IEnumerable<TheoryDataRow<string>> Cases => Golden.Cases(Group);

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Rows(string name) => Golden.Run(Group, name, c =>
    {
        var (config, expected) = (c["config"], c["expected"]);
        if (expected.TryGetProperty("table", out var table)) Shares(table);
        else if (expected.TryGetProperty("knapsacks", out var sacks)) Knapsacks(c, sacks, expected.GetProperty("capacities"));
        else if (config.GetProperty("tool").GetString() == "axolotl") Axolotl(c, config, expected);
        else Factory(c, config, expected);
    });

    static void Shares(JsonElement table)
    {
        foreach (var row in table.EnumerateArray().Select(RowsFixture.Ids))
            Assert.Equal((row[3], row[4]), FactoryRows.Shares(row[0], row[1], row[2]));
    }

    static void Knapsacks(GoldenCase c, JsonElement sacks, JsonElement capacities)
    {
        foreach (var (at, lengths) in c["inputs"].GetProperty("lengths").EnumerateArray().Index())
            RowsFixture.AreRows(sacks[at], FactoryPacker.Knapsacks(RowsFixture.Ids(lengths), capacities[at].GetInt32()), "knapsacks");
    }

    static ExampleRows Examples(GoldenCase c, bool asChat = true) => ExampleRows.Of(
        [.. c["inputs"].GetProperty("rows").EnumerateArray().Select((row, at) => new DataRow("rows", at + 1, null, row))],
        new ExampleOptions { InstructionsAsChat = asChat });

    static void Factory(GoldenCase c, JsonElement config, JsonElement expected)
    {
        var options = new FactoryOptions
        {
            Template = config.GetProperty("template").GetString()!, DefaultSystem = RowsFixture.Text(config, "default_system"),
            MaskHistory = Flag(config, "mask_history"), TrainOnPrompt = Flag(config, "train_on_prompt"),
            Cutoff = config.GetProperty("cutoff_len_effective").GetInt32(),
        };
        var (examples, encoder) = (Examples(c).Examples, RowsFixture.Encoder(Smol, null));
        string stage = config.GetProperty("stage").GetString()!;
        if (stage == "dpo") Pairs(FactoryRows.Pairs(examples, encoder, options), expected);
        else if (stage == "kto") Single(FactoryRows.Single(examples, encoder, options), expected);
        else Plain(FactoryRows.Of(examples, encoder, options), options, config, expected);
    }

    static void Plain(PreparedRows made, FactoryOptions options, JsonElement config, JsonElement expected)
    {
        bool isNeat = Flag(config, "neat_packing");
        if (!isNeat && !Flag(config, "packing"))
        {
            Agrees(expected, "", made.Rows);
            return;
        }
        using var batch = new RowCollator(RowTokens.Of(Tokenizer()).Pad).Stacked(FactoryPacker.Pack(made.Rows, options.Cutoff), options.Cutoff + 1);
        RowsFixture.AreRows(expected.GetProperty("input_ids"), RowsFixture.Rows(batch.Ids), "ids");
        RowsFixture.AreRows(expected.GetProperty("labels"), RowsFixture.Rows(batch.Labels), "labels");
        RowsFixture.AreRows(expected.GetProperty("position_ids"), RowsFixture.Rows(batch.Positions!), "positions");
        if (isNeat) RowsFixture.AreRows(expected.GetProperty("attention_mask"), RowsFixture.Rows(batch.Documents!), "documents");
    }

    static TextTokenizer Tokenizer() => Tokenizers.Load(Path.Combine(GoldenFolder.Root, Smol)).Tokenizer;

    static void Pairs(PreparedPairs made, JsonElement expected)
    {
        Agrees(expected, "chosen_", made.Pairs.Select(pair => pair.Chosen));
        Agrees(expected, "rejected_", made.Pairs.Select(pair => pair.Rejected));
    }

    static void Single(IReadOnlyList<(LearnedRow Row, LearnedRow Mismatched, bool IsGood)> made, JsonElement expected)
    {
        Agrees(expected, "", made.Select(one => one.Row));
        Agrees(expected, "kl_", made.Select(one => one.Mismatched));
        Assert.Equal(expected.GetProperty("kto_tags").EnumerateArray().Select(tag => tag.GetBoolean()), made.Select(one => one.IsGood));
    }

    static void Axolotl(GoldenCase c, JsonElement config, JsonElement expected)
    {
        if (config.GetProperty("strategy").GetString() == "alpaca")
        {
            Agrees(expected, "", Instructions(c, config));
            return;
        }
        var options = new AxolotlOptions
        {
            Roles = config.GetProperty("roles_to_train") is { ValueKind: JsonValueKind.Array } roles
                ? [.. roles.EnumerateArray().Select(role => role.GetString()!)] : null,
            Ends = RowsFixture.Text(config, "train_on_eos") ?? "turn",
            TrainOnInputs = Flag(config, "train_on_inputs"), FlagField = RowsFixture.Text(config, "message_field_training"),
        };
        var encoder = RowsFixture.Encoder(config.GetProperty("tokenizer").GetString()!, config.GetProperty("chat_template").GetString());
        Agrees(expected, "", AxolotlRows.Of(Examples(c).Examples, encoder, options).Rows);
    }

    static IEnumerable<LearnedRow> Instructions(GoldenCase c, JsonElement config)
    {
        var encoder = RowsFixture.Encoder(Smol, null);
        bool isChat = config.GetProperty("prompt_style").GetString() == "chat";
        foreach (var row in c["inputs"].GetProperty("rows").EnumerateArray())
        {
            string Field(string name) => row.GetProperty(name).GetString()!;
            string prompt = isChat ? AxolotlRows.ChatPrompt(Field("instruction"), Field("input")) : AlpacaPrompt.Of(Field("instruction"), Field("input"));
            yield return AxolotlRows.Instruction(prompt, Field("output"), encoder, Flag(config, "train_on_inputs"));
        }
    }

    static void Agrees(JsonElement expected, string front, IEnumerable<LearnedRow> made)
    {
        var rows = made.ToList();
        RowsFixture.AreRows(expected.GetProperty($"{front}input_ids"), rows.Select(row => row.Ids), $"{front}ids");
        RowsFixture.AreRows(expected.GetProperty($"{front}labels"), rows.Select(row => row.Labels), $"{front}labels");
    }

    static bool Flag(JsonElement config, string name) => config.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;
}
