using System.Text.Json;

namespace Lowrank.Language;

/// <summary>Reads patterns of tokenizer.json: <c>{"String": ..}</c>, <c>{"Regex": ..}</c>, or a bare text.</summary>
static class PatternJson
{
    /// <summary>The pattern of a part.</summary>
    public static TextPattern Read(JsonPart part, string name = "pattern")
    {
        if (part.Field(name).ValueKind == JsonValueKind.String) return new LiteralPattern(part.Text(name));
        var pattern = part.Part(name);
        TextPattern read = pattern.Has("Regex") ? KnownPatterns.Of(pattern.Text("Regex")) : new LiteralPattern(pattern.Text("String"));
        return pattern.End(read);
    }
}
