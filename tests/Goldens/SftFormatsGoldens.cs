using System.Text.Json;
using Lowrank.Language;
using Lowrank.Training;

namespace Goldens;

/// <summary>Instructions and E2E's lines as rows, and packing, as TRL 0.29 and the LoRA repository have them.</summary>
public class SftFormatsGoldens
{
    static readonly GoldenList instructions = new("language/sft", "formats.json", "alpaca");
    static readonly GoldenList lines = new("language/sft", "formats.json", "e2e");
    static readonly GoldenList packs = new("language/sft", "packing.json");

    public static IEnumerable<TheoryDataRow<string>> Instructions => instructions.Rows;

    public static IEnumerable<TheoryDataRow<string>> Lines => lines.Rows;

    public static IEnumerable<TheoryDataRow<string>> Packs => packs.Rows;

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Instructions)), Trait("kind", "goldens")]
    public void Instruction(string name) => instructions.Run(name, json =>
    {
        var examples = ExampleRows.Of([new DataRow("rows", 1, null, json.GetProperty("row"))], new() { InstructionsAsChat = false }).Examples;
        Assert.Equal(json.GetProperty("prompt").GetString(), examples[0].Prompt!.Text);
        var encoder = RowsFixture.Encoder("language/tokenizers/bytelevel-smollm", null);
        foreach (var way in new[] { RowWay.Trl, RowWay.TrlByCount })
        {
            var row = TextRows.Of(examples, encoder, new() { Way = way }).Rows[0];
            Assert.Equal(RowsFixture.Ids(json.GetProperty("input_ids")), row.Ids);
            Assert.Equal(RowsFixture.Ids(json.GetProperty("labels")), row.Labels);
        }
    });

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Lines)), Trait("kind", "goldens")]
    public void Line(string name) => lines.Run(name, json =>
    {
        var (context, completion) = E2eData.PaperLines(json.GetProperty("line").GetString()!).Single();
        var row = PaperRow.Of(context, completion, RowsFixture.Gpt2());
        Assert.Equal(RowsFixture.Ids(json.GetProperty("context")), row.Context);
        Assert.Equal(RowsFixture.Ids(json.GetProperty("completion")), row.Completion);
        int length = json.GetProperty("sequence_length").GetInt32();
        var whole = row.Row(length + 1);
        Assert.Equal(RowsFixture.Ids(json.GetProperty("input")), Padded(whole.Ids.SkipLast(1), length));
        Assert.Equal(RowsFixture.Ids(json.GetProperty("target")), Padded(whole.Ids.Skip(1), length));
        var mask = Padded(whole.Labels.Skip(1).Select(label => label == LearnedRow.NotCounted ? 0 : 1), length);
        Assert.Equal(json.GetProperty("loss_mask").EnumerateArray().Select(one => (int)one.GetDouble()), mask);
    });

    static List<int> Padded(IEnumerable<int> ids, int length)
    {
        var list = ids.ToList();
        return [.. list, .. Enumerable.Repeat(0, length - list.Count)];
    }

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Packs)), Trait("kind", "goldens")]
    public void Packing(string name) => packs.Run(name, json =>
    {
        var rows = new List<LearnedRow>();
        int next = 0, length = json.GetProperty("max_length").GetInt32();
        foreach (int count in RowsFixture.Ids(json.GetProperty("lengths")))
        {
            rows.Add(LearnedRow.Whole([.. Enumerable.Range(next, count)]));
            next += count;
        }
        Agrees(json.GetProperty("bfd"), RowPacker.Pack(rows, RowPacking.BestFit, length));
        Agrees(json.GetProperty("wrapped"), RowPacker.Pack(rows, RowPacking.Wrapped, length));
        RowsFixture.AreRows(json.GetProperty("truncated"), rows.Select(row => row.Cut(length, keepsEnd: false).Ids), "cut rows");
    });

    static void Agrees(JsonElement want, List<LearnedRow> packed)
    {
        Assert.Equal(want.GetArrayLength(), packed.Count);
        foreach (var (json, row) in want.EnumerateArray().Zip(packed))
        {
            Assert.Equal(RowsFixture.Ids(json.GetProperty("input_ids")), row.Ids);
            if (json.TryGetProperty("seq_lengths", out var documents)) Assert.Equal(RowsFixture.Ids(documents), row.Documents!);
        }
    }
}
