using System.Collections.Concurrent;
using System.Text.Json;
using Lowrank.Language;
using Lowrank.Testing;
using Lowrank.Training;

namespace Goldens;

/// <summary>What the cases of rows are made with: tokenizers, templates, examples and options.</summary>
static class RowsFixture
{
    static readonly ConcurrentDictionary<string, LoadedTokenizer> tokenizers = new();

    /// <summary>The encoder of a case.</summary>
    public static RowEncoder Encoder(string tokenizer, string? template)
    {
        var loaded = tokenizers.GetOrAdd(tokenizer, name => Tokenizers.Load(Path.Combine(GoldenFolder.Root, name)));
        string? source = template is null ? null : File.ReadAllText(Path.Combine(GoldenFolder.Root, template));
        return new(loaded.Tokenizer, source is null ? null : new ChatTemplate(source, loaded.SpecialTexts), RowTokens.Of(loaded.Tokenizer));
    }

    /// <summary>GPT-2's own tokenizer, which lies beside the goldens and not in the repository.</summary>
    public static RowEncoder Gpt2()
    {
        string folder = TokenizerSources.Model("gpt2-tokenizer") ?? throw Golden.NotCovered("models/gpt2-tokenizer does not lie beside the goldens");
        var tokenizer = ChatGoldenFile.Tokenizer(folder);
        return new(tokenizer, null, new RowTokens(EndOfText, EndOfText));
    }

    const int EndOfText = 50256;

    /// <summary>Rows of JSON as TRL reads them: roles stay, and empty answers are taken.</summary>
    public static ExampleRows Examples(JsonElement rows, string? textField = null) => ExampleRows.Of(
        [.. rows.EnumerateArray().Select((row, at) => new DataRow("rows", at + 1, null, row))], new ExampleOptions
        {
            KeepsRoles = true, KeepsEmptyAnswers = true,
            Columns = textField is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["text"] = textField },
        });

    /// <summary>TRL's options; where a case tells no length it had the one given.</summary>
    public static RowOptions Options(JsonElement config, int length = 1024)
    {
        string packing = Flag(config, "packing") == true ? Text(config, "packing_strategy") ?? "bfd" : "none";
        return new()
        {
            MaxLength = config.TryGetProperty("max_length", out var told) && told.ValueKind == JsonValueKind.Null
                ? null : Number(config, "max_length", length),
            KeepsEnd = RowWords.KeepsEnd(Text(config, "truncation_mode") ?? "keep_start"),
            CompletionOnly = Flag(config, "completion_only_loss"),
            AssistantOnly = Flag(config, "assistant_only_loss") == true,
            Packing = RowWords.Packing(packing),
            PaddingFree = Flag(config, "padding_free") == true,
        };
    }

    /// <summary>A text of a case's facts, or null.</summary>
    public static string? Text(JsonElement config, string name) =>
        config.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>A number of a case's facts.</summary>
    public static int Number(JsonElement config, string name, int otherwise) =>
        config.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt32() : otherwise;

    static bool? Flag(JsonElement config, string name) => config.TryGetProperty(name, out var value)
        ? value.ValueKind switch { JsonValueKind.True => true, JsonValueKind.False => false, _ => null } : null;

    /// <summary>A list of numbers.</summary>
    public static List<int> Ids(JsonElement list) => [.. list.EnumerateArray().Select(id => id.GetInt32())];

    /// <summary>A tensor's rows.</summary>
    public static List<List<int>> Rows(TorchSharp.torch.Tensor rows)
    {
        int width = (int)rows.shape[1];
        return [.. rows.data<long>().Select(id => (int)id).Chunk(Math.Max(1, width)).Select(row => row.ToList())];
    }

    /// <summary>Asserts that rows are those of a case.</summary>
    public static void AreRows(JsonElement want, IEnumerable<IReadOnlyList<int>> got, string what)
    {
        string wanted = string.Join("\n", want.EnumerateArray().Select(row => string.Join(" ", Ids(row))));
        string had = string.Join("\n", got.Select(row => string.Join(" ", row)));
        Assert.True(wanted == had, $"{what}:\n{had}\nexpected:\n{wanted}");
    }
}
