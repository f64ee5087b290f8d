using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lowrank.Workbench;

/// <summary>
/// The arguments of a script ("script_args"), in the order of its fields; those that are left out have their usual values.
/// </summary>
/// <param name="script">The script's title, for errors.</param>
/// <param name="given">The arguments.</param>
sealed class WebUiScriptArguments(string script, JsonArray given)
{
    /// <summary>A text.</summary>
    public string Text(int place, string usual = "") => At(place, JsonValueKind.String) is { } value ? value.GetValue<string>() : usual;

    /// <summary>A whole number.</summary>
    public int Whole(int place, int usual = 0)
    {
        if (At(place, JsonValueKind.Number) is not { } value) return usual;
        return value.TryGetValue(out int whole) ? whole : throw Misread(place, value, "whole number");
    }

    /// <summary>Whether it is on.</summary>
    public bool Flag(int place, bool usual = false) =>
        At(place, JsonValueKind.True, JsonValueKind.False) is { } value ? value.GetValue<bool>() : usual;

    /// <summary>Texts.</summary>
    public IReadOnlyList<string> Texts(int place)
    {
        if (place >= given.Count || given[place] is null or JsonValue) return [];
        return given[place] is JsonArray texts && texts.All(text => text is JsonValue value && value.TryGetValue(out string? _))
            ? [.. texts.Select(text => text!.GetValue<string>())]
            : throw Misread(place, given[place]!, "list of texts");
    }

    /// <summary>Whether the place holds a text.</summary>
    public bool HoldsText(int place) => place < given.Count && given[place]?.GetValueKind() == JsonValueKind.String;

    /// <summary>Refuses arguments that the script does not have.</summary>
    /// <exception cref="LowrankException">There are more than so many.</exception>
    public void AtMost(int count)
    {
        if (given.Count > count)
            throw new LowrankException($"{given.Count} arguments were given to the script {script}, which has {count} (script_args).");
    }

    JsonValue? At(int place, params ReadOnlySpan<JsonValueKind> kinds)
    {
        if (place >= given.Count || given[place] is not { } value) return null;
        return kinds.Contains(value.GetValueKind()) ? value.AsValue() : throw Misread(place, value, kinds[0] switch
        {
            JsonValueKind.String => "text",
            JsonValueKind.Number => "number",
            _ => "true or false",
        });
    }

    LowrankException Misread(int place, JsonNode value, string kind) =>
        new($"Argument {place + 1} of the script {script}: {PlainValue.Misread("script_args", value.ToJsonString(), kind)}.");
}
