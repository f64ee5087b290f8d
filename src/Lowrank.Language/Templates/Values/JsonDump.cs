using System.Numerics;

namespace Lowrank.Language;

/// <summary>Python's json.dumps, with what wrote which part.</summary>
/// <param name="asciiOnly">Whether all beyond ASCII becomes \u escapes.</param>
/// <param name="indent">What one step of indenting is; null writes all on one line.</param>
/// <param name="between">Between items.</param>
/// <param name="behindKey">Between a key and its value.</param>
/// <param name="sortsKeys">Whether keys are sorted.</param>
sealed class JsonDump(bool asciiOnly, string? indent, string between, string behindKey, bool sortsKeys)
{
    readonly TextBuilder to = new();

    /// <summary>The value as JSON.</summary>
    public MarkedText Of(object value)
    {
        Append(value, 0);
        return to.ToText();
    }

    void Append(object value, int depth)
    {
        using var level = ValueLevel.Enter();
        switch (value)
        {
            case MarkedText text: AppendText(text); break;
            case List<object> list: AppendItems(list, depth); break;
            case PythonTuple tuple: AppendItems(tuple.Items, depth); break;
            case PythonDict dict: AppendEntries(dict, depth); break;
            default: to.Append(Plain(value)); break;
        }
    }

    static string Plain(object value) => value switch
    {
        PythonNone => "null",
        bool or BigInteger or double => PythonJson.Write(value),
        _ => throw new TemplateFault(TemplateFault.Type, $"Object of type {PythonTypes.Name(value)} is not JSON serializable"),
    };

    void AppendItems(IReadOnlyList<object> items, int depth)
    {
        to.Append('[');
        for (int i = 0; i < items.Count; i++)
        {
            if (i > 0) to.Append(between);
            Line(depth + 1);
            Append(items[i], depth + 1);
        }
        if (items.Count > 0) Line(depth);
        to.Append(']');
    }

    void AppendEntries(PythonDict dict, int depth)
    {
        to.Append('{');
        IEnumerable<KeyValuePair<object, object>> entries = dict.Entries;
        if (sortsKeys)
            entries = PythonEquality.Sorted(dict.Keys, key => key, false).Select(key => KeyValuePair.Create(key, dict[key]!));
        bool isFirst = true;
        foreach (var (key, value) in entries)
        {
            if (!isFirst) to.Append(between);
            isFirst = false;
            Line(depth + 1);
            AppendText(Key(key));
            to.Append(behindKey);
            Append(value, depth + 1);
        }
        if (!isFirst) Line(depth);
        to.Append('}');
    }

    static MarkedText Key(object key) => key switch
    {
        MarkedText text => text,
        PythonNone or bool or BigInteger or double => Plain(key),
        _ => throw new TemplateFault(TemplateFault.Type, $"keys must be str, int, float, bool or None, not {PythonTypes.Name(key)}"),
    };

    void Line(int depth)
    {
        if (indent is null) return;
        to.Append('\n');
        for (int i = 0; i < depth; i++) to.Append(indent);
    }

    void AppendText(MarkedText text) => to.Append('"').AppendMapped(text, Escaped).Append('"');

    string? Escaped(int point)
    {
        bool stays = point is >= ' ' and not ('"' or '\\') && (point <= '~' || !asciiOnly);
        return stays ? null : PythonJson.Write(PythonPoints.Text(point))[1..^1];
    }
}
