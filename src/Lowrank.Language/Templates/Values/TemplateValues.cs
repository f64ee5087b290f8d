using System.Collections;
using System.Numerics;
using System.Text.Json;

namespace Lowrank.Language;

/// <summary>Values of .NET and of JSON as templates see them.</summary>
static class TemplateValues
{
    /// <summary>The value as a template sees it.</summary>
    /// <param name="value">Null, a bool, number or text, a parsed JSON element, or lists and dictionaries (by string) of these.</param>
    /// <param name="origin">What wrote the texts in it; null for the template's own side.</param>
    /// <exception cref="LowrankException">It is of another kind.</exception>
    public static object Of(object? value, TextOrigin? origin = null) => value switch
    {
        null => PythonNone.Value,
        bool or double or BigInteger => value,
        string text => Text(text, origin),
        float number => (double)number,
        decimal number => (double)number,
        int number => (BigInteger)number,
        long number => (BigInteger)number,
        JsonElement element => Of(PythonJson.Of(element), origin),
        IReadOnlyDictionary<string, object?> fields => Dict(fields, origin),
        IEnumerable items => Items(items, origin),
        _ => throw new LowrankException($"a template was given a {value.GetType().Name}. Give it text, numbers, lists and dictionaries."),
    };

    static MarkedText Text(string text, TextOrigin? origin)
    {
        bool isMarked = origin is not null && text.Length > 0;
        return isMarked ? new(text, [new TextMark(0, text.Length, origin!.Value)]) : new(text);
    }

    static PythonDict Dict(IReadOnlyDictionary<string, object?> fields, TextOrigin? origin)
    {
        var dict = new PythonDict();
        foreach (var (name, value) in fields) dict.Set(Word(name, origin), Of(value, origin));
        return dict;
    }

    static List<object> Items(IEnumerable items, TextOrigin? origin)
    {
        var list = new List<object>();
        foreach (object? item in items) list.Add(Of(item, origin));
        return list;
    }

    /// <summary>
    /// A role or the name of a field: a plain word cannot be a control token by itself, and templates make control tokens of it,
    /// as "&lt;|" + role + "|&gt;"; only one with other signs in it is marked.
    /// </summary>
    public static MarkedText Word(string word, TextOrigin? origin) =>
        word.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or ' ') ? new(word) : Text(word, origin);
}
