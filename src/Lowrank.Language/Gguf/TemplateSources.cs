using System.Text.Json;

namespace Lowrank.Language;

/// <summary>The chat templates of a folder as llama.cpp's converter finds them: those in the configuration first, else files.</summary>
static class TemplateSources
{
    const string Default = "default", Folder = "additional_chat_templates";

    /// <summary>Names and texts, in their order.</summary>
    public static IReadOnlyList<(string Name, string? Text)> Of(TokenizerSources sources)
    {
        var told = TokenizerSources.Field(sources.Settings, "chat_template");
        return told is { ValueKind: JsonValueKind.String } one ? [(Default, one.GetString())]
            : told is { ValueKind: JsonValueKind.Array } list ? [.. list.EnumerateArray().Select(Named)]
            : [.. Files(sources)];
    }

    static (string Name, string? Text) Named(JsonElement template) =>
        (Plain(TokenizerSources.Text(template, "name") ?? ""), TokenizerSources.Text(template, "template"));

    // Keys hold letters and digits.
    static string Plain(string name) => string.Concat(name.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '_'));

    static IEnumerable<(string Name, string? Text)> Files(TokenizerSources sources)
    {
        string whole = sources.Path(TokenizerSettings.Template), others = sources.Path(Folder);
        if (File.Exists(whole)) yield return (Default, TextFile.Read(whole));
        if (!File.Exists(whole) || !Directory.Exists(others)) yield break;
        foreach (string path in Directory.EnumerateFiles(others, "*.jinja").Order(StringComparer.Ordinal))
            yield return (Plain(Path.GetFileNameWithoutExtension(path)), TextFile.Read(path));
    }
}
