using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace Lowrank.Language;

/// <summary>Python's "{:&gt;5} {name}".format(...).</summary>
static partial class BraceFormat
{
    /// <summary>The arguments of format_map: those of its one dict, by name.</summary>
    public static CallArguments FromMapping(CallArguments arguments) => arguments.Positional is [PythonDict dict]
        ? new([], [.. dict.Entries.Where(entry => entry.Key is MarkedText).Select(entry => (((MarkedText)entry.Key).Value, entry.Value))])
        : throw new TemplateFault(TemplateFault.Type, "format_map() takes exactly one argument, a dict");

    /// <summary>The text with its places filled.</summary>
    public static MarkedText Apply(MarkedText text, CallArguments arguments)
    {
        int next = 0;
        return Filled(text, arguments, ref next);
    }

    static MarkedText Filled(MarkedText text, CallArguments arguments, ref int next)
    {
        var builder = new TextBuilder();
        string value = text.Value;
        for (int i = 0; i < value.Length; i++)
        {
            bool isDoubled = value[i] is '{' or '}' && i + 1 < value.Length && value[i + 1] == value[i];
            if (value[i] is not ('{' or '}') || isDoubled)
            {
                builder.Append(text, i, 1);
                if (isDoubled) i++;
                continue;
            }
            if (value[i] == '}') throw new TemplateFault(TemplateFault.Value, "Single '}' encountered in format string");
            int end = EndOf(value, i);
            builder.Append(Valued(text.Part(i + 1, end - i - 1), arguments, ref next));
            i = end;
        }
        return builder.ToText().As(text.IsMarkup);
    }

    static int EndOf(string text, int start)
    {
        int depth = 0;
        for (int i = start; i < text.Length; i++)
        {
            if (text[i] == '{') depth++;
            if (text[i] == '}' && --depth == 0) return i;
        }
        throw new TemplateFault(TemplateFault.Value, start + 1 == text.Length
            ? "Single '{' encountered in format string"
            : "expected '}' before end of string");
    }

    // A place's layout may have places, and theirs none, as in Python.
    static MarkedText Valued(MarkedText field, CallArguments arguments, ref int next, bool isInLayout = false)
    {
        var match = Field().Match(field.Value);
        if (!match.Success) throw new TemplateFault(TemplateFault.Value, $"the place {{{field.Value}}} is no format");
        object value = Looked(match.Groups["name"].Value, arguments, ref next);
        foreach (Capture step in match.Groups["step"].Captures) value = Step(value, step.Value);
        value = match.Groups["as"].Value switch
        {
            "!r" or "!a" => PythonRepr.Marked(value),
            "!s" => PythonRepr.Str(value),
            _ => value,
        };
        string layout = match.Groups["layout"].Value;
        bool hasPlaces = layout.Contains('{');
        if (hasPlaces && isInLayout) throw new TemplateFault(TemplateFault.Value, "Max string recursion exceeded");
        if (hasPlaces) layout = LaidOut(layout, arguments, ref next).Value;
        if (layout.Length == 0) return PythonRepr.Str(value);
        return FormatSpec.Read(layout).Apply(value);
    }

    static MarkedText LaidOut(string layout, CallArguments arguments, ref int next)
    {
        var builder = new TextBuilder();
        for (int i = 0; i < layout.Length; i++)
        {
            if (layout[i] != '{')
            {
                builder.Append(layout[i]);
                continue;
            }
            int end = EndOf(layout, i);
            builder.Append(Valued((MarkedText)layout[(i + 1)..end], arguments, ref next, isInLayout: true));
            i = end;
        }
        return builder.ToText();
    }

    static object Looked(string name, CallArguments arguments, ref int next)
    {
        if (name.Length == 0) name = next++.ToString(CultureInfo.InvariantCulture);
        if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int index))
            return index < arguments.Positional.Count ? arguments.Positional[index] : throw new TemplateFault(
                TemplateFault.Index, $"Replacement index {index} out of range for positional args tuple");
        foreach (var (given, value) in arguments.Named)
            if (given == name) return value;
        throw new TemplateFault(TemplateFault.Key, PythonRepr.Of(name));
    }

    static object Step(object value, string step)
    {
        if (step[0] == '.') return Attributes.Get(value, step[1..]);
        string key = step[1..^1];
        object index = BigInteger.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : (MarkedText)key;
        return Attributes.Item(value, index);
    }

    [GeneratedRegex(@"^(?<name>[^.\[!:]*)(?<step>\.[^.\[!:]+|\[[^\]]+\])*(?<as>![rsa])?(:(?<layout>.*))?$",
        RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Field();
}
