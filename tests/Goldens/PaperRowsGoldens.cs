using System.Text.Json;
using Lowrank.Language;
using Lowrank.Testing;
using Lowrank.Training;

namespace Goldens;

/// <summary>Rows of the LoRA paper's own code: raw data, lines, ids, and the rows of its data set at three lengths.</summary>
public class PaperRowsGoldens
{
    const string Group = "training/paper";

    static JsonElement File => ChatGoldenFile.Open(GoldenGroup.Open(Group), "rows.json");

    public static IEnumerable<TheoryDataRow<string>> Sets => GoldenFolder.Groups.Contains(Group)
        ? File.GetProperty("sets").EnumerateObject().Select(set => new TheoryDataRow<string>(set.Name)) : [];

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Sets)), Trait("kind", "goldens")]
    public void Rows(string set) => Golden.Run(Group + "/rows", set, () =>
    {
        var json = File.GetProperty("sets").GetProperty(set);
        var lines = Lines(set, json.GetProperty("raw"));
        Assert.Equal(json.GetProperty("formatted").EnumerateArray().Select(one => (Text(one, "context"), Text(one, "completion"))), lines);
        var encoder = RowsFixture.Gpt2();
        var rows = lines.Select(line => PaperRow.Of(line.Context, line.Completion, encoder)).ToList();
        foreach (var (want, row) in json.GetProperty("encoded").EnumerateArray().Zip(rows))
        {
            Assert.Equal(RowsFixture.Ids(want.GetProperty("context")), row.Context);
            Assert.Equal(RowsFixture.Ids(want.GetProperty("completion")), row.Completion);
        }
        foreach (var data in json.GetProperty("datasets").EnumerateArray())
            foreach (var (want, row) in data.GetProperty("rows").EnumerateArray().Zip(rows)) Agrees(want, row, data);
    });

    static string Text(JsonElement json, string field) => json.GetProperty(field).GetString()!;

    static List<(string Context, string Completion)> Lines(string set, JsonElement raw)
    {
        if (set == "e2e") return [.. E2eData.PaperLines(raw.GetString()!)];
        var rows = set == "dart" ? DartData.Of("raw", raw) : WebNlgData.Of("raw", raw.GetProperty("entries"), out _);
        return [.. rows.SelectMany(row => row.References.Select(text => (row.Context, text)))];
    }

    static void Agrees(JsonElement want, PaperRow row, JsonElement data)
    {
        int length = data.GetProperty("seq_len").GetInt32(), answer = data.GetProperty("max_eval_length").GetInt32();
        var (made, joint) = (row.Row(length), row.Row(length, joint: true));
        Assert.Equal(RowsFixture.Ids(want.GetProperty("input")), Padded(made.Ids, length));
        int[] all = [.. row.Context, .. row.Completion];
        Assert.Equal(RowsFixture.Ids(want.GetProperty("target")), Padded([.. all.Skip(1).Take(length)], length));
        Assert.Equal(RowsFixture.Ids(want.GetProperty("mask")), Mask(made, length));
        Assert.Equal(RowsFixture.Ids(want.GetProperty("mask_joint")), Mask(joint, length));
        var query = row.Query(length, answer);
        Assert.Equal(want.GetProperty("query_len").GetInt32(), query.Count);
        Assert.Equal(RowsFixture.Ids(want.GetProperty("query")), Padded(query, length));
    }

    // Where the next token counts.
    static List<int> Mask(LearnedRow row, int length) =>
        Padded([.. row.Labels.Skip(1).Select(label => label == LearnedRow.NotCounted ? 0 : 1)], length);

    static List<int> Padded(IReadOnlyList<int> ids, int length) => [.. ids, .. Enumerable.Repeat(0, length - ids.Count)];
}
