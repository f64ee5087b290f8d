using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lowrank.Models;

/// <summary>What config.json would say of the model in a GGUF file.</summary>
/// <param name="Json">Its fields.</param>
/// <param name="Shape">What the places of its numbers depend on.</param>
/// <param name="Tables">Tensors that are part of it, and no weights.</param>
/// <param name="Notes">What the user should know.</param>
sealed record GgufConfig(JsonElement Json, GgufShape Shape, IReadOnlySet<string> Tables, IReadOnlyList<string> Notes)
{
    const string Tokens = "token_embd.weight", Head = "output.weight";

    /// <summary>Reads a file's metadata.</summary>
    /// <param name="file">The file.</param>
    /// <param name="layout">How its family's models lie.</param>
    /// <param name="modelType">The family's <c>model_type</c>.</param>
    /// <exception cref="LowrankException">Keys that are missing, or that nobody here knows; all are told.</exception>
    public static GgufConfig Read(GgufFile file, GgufLayout layout, string modelType)
    {
        var keys = new GgufKeys(file);
        var config = new JsonObject { ["model_type"] = modelType };
        foreach (var field in layout.Fields) field.Read(keys, config);
        keys.Require(keys.ShapeOf(Tokens) is [_, _], $"{Tokens} is missing, or is no table of tokens");
        config["vocab_size"] = keys.ShapeOf(Tokens)?[0] ?? 1;
        config["tie_word_embeddings"] = keys.ShapeOf(Head) is null;
        config["bos_token_id"] = keys.Token("bos");
        config["pad_token_id"] = keys.Token("padding");
        int[] ends = [.. new[] { keys.Token("eos"), keys.Token("eot"), keys.Token("eom") }.OfType<int>().Distinct()];
        if (ends.Length > 0) config["eos_token_id"] = new JsonArray([.. ends.Select(end => (JsonNode)end)]);
        keys.Finish();
        // Not by a serializer: where reflection is off, as in programs of one file, there is none.
        using var document = JsonDocument.Parse(config.ToJsonString());
        return new(document.RootElement.Clone(), ShapeOf(keys), keys.Tables, keys.Notes);
    }

    static GgufShape ShapeOf(GgufKeys keys)
    {
        int heads = keys.Count("attention.head_count") ?? 1, width = keys.Count("embedding_length") ?? 0;
        return new(keys.Count("attention.key_length") ?? width / heads, PositionsAfterPadField.RowsBefore(keys.Token("padding")));
    }
}
