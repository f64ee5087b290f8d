using System.Text.Json;
using Lowrank.Language;
using Lowrank.Testing;

namespace Goldens;

/// <summary>Texts and pieces of streams that stop strings end.</summary>
public class StopGoldens
{
    const string Group = "language/sampling2/stop";

    public static IEnumerable<TheoryDataRow<string>> Cases => Golden.Cases(Group);

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Stops(string name) => Golden.Run(Group, name, golden =>
    {
        string[] pieces = Strings(golden["pieces"]), stops = Strings(golden["stop"]);
        AssertTransformers(golden, pieces, stops);
        AssertStream(golden["llama_cpp_server"], pieces, new(stops) { HoldBack = StopHoldBack.Unsent });
        AssertStream(golden["vllm"], pieces, new(stops) { HoldBack = StopHoldBack.Longest, Choice = StopChoice.ListedFirst });
        AssertStream(golden["vllm_newer"], pieces, new(stops) { HoldBack = StopHoldBack.Longest, Choice = StopChoice.EndsFirst });
        AssertStream(golden["vllm_include_stop_str_in_output"], pieces, new(stops) { Choice = StopChoice.ListedFirst, Includes = true });
        AssertText(golden["llama_cpp_server"], pieces, new(stops));
    });

    static void AssertTransformers(GoldenCase golden, string[] pieces, string[] stops)
    {
        if (golden["transformers"].ValueKind != JsonValueKind.Object) return;
        var wanted = golden["transformers"].GetProperty("stops_after_tokens");
        int? got = null;
        string text = "";
        for (int i = 0; i < pieces.Length && got is null; i++)
        {
            if (StopStrings.Completes(stops, text, pieces[i])) got = i + 1;
            text += pieces[i];
        }
        Assert.Equal(wanted.ValueKind == JsonValueKind.Null ? null : wanted.GetInt32(), got);
        if (got is not null) Assert.Equal(golden["transformers"].GetProperty("text_of_these").GetString(), text);
    }

    static void AssertStream(JsonElement wanted, string[] pieces, StopStrings stops)
    {
        if (wanted.ValueKind != JsonValueKind.Object) return;
        var chunks = new List<string>();
        foreach (string piece in pieces)
        {
            chunks.Add(stops.Take(piece));
            if (stops.Stop is not null) break;
        }
        if (stops.Stop is null) chunks.Add(stops.Finish());
        Assert.Equal(wanted.GetProperty("text").GetString(), stops.Text);
        string key = wanted.TryGetProperty("stop_reason", out _) ? "stop_reason" : "stopping_word";
        Assert.Equal(wanted.GetProperty(key).GetString() ?? "", stops.Stop ?? "");
        if (wanted.TryGetProperty("chunks", out var expected)) Assert.Equal(Strings(expected), chunks);
    }

    // By default the same text, with no more held back than may become a stop string.
    static void AssertText(JsonElement wanted, string[] pieces, StopStrings stops)
    {
        string shown = "";
        foreach (string piece in pieces)
            if (stops.Stop is null) shown += stops.Take(piece);
        if (stops.Stop is null) shown += stops.Finish();
        Assert.Equal(wanted.GetProperty("text").GetString(), shown);
    }

    static string[] Strings(JsonElement list) => [.. list.EnumerateArray().Select(one => one.GetString()!)];
}
